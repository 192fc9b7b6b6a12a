/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_H
#define REINSTATE_WMSDK_H

/* The Backup Restorer object of the Windows Media Format SDK under its documented names, for C and C++.
 *
 * Put the folder of this file on the include path and `#include <wmsdk.h>` in existing code finds it. On Windows the
 * declarations come from the SDK's own headers (those of mingw-w64), and this file adds the missing ones; elsewhere
 * this file has all of them. Requires C99 or C++11. C callers may define COBJMACROS. [C119 to C130]
 *
 * Strings are UTF-16 on every platform. WCHAR is `wchar_t` where that has 16 bits (Windows, -fshort-wchar), else
 * `char16_t`: write L"BackupPath" there and u"BackupPath" here. The binary interface is the same. [C127, O17] */

#if defined(_WIN32)
#include <drmexternals.h>
#include <nserror.h>
#include <wmsdkidl.h>
#else
#include "detail/errors.h"
#include "detail/interfaces.h"
#endif

#include "detail/backup_restore_props.h"

#if !defined(_WIN32) || defined(__MINGW64_VERSION_MAJOR) /* Microsoft's own headers are complete */
#include "detail/drm.h"
#endif

#endif
