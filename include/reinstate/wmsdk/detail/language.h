/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_LANGUAGE_H
#define REINSTATE_WMSDK_LANGUAGE_H

/* What the declarations need of the language, on Windows too. */

#include <stdint.h>

/* A UTF-16 literal. C99 has none where wchar_t is wider, and the constants made of them are missing there. [O17] */
#if defined(_WIN32) || (defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2)
#define REINSTATE_WMSDK_TEXT(literal) L##literal
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define REINSTATE_WMSDK_TEXT(literal) u##literal
#endif

/* C++ may meet any value in an enumeration that other code filled in, so all 32 bits are valid there. */
#ifdef __cplusplus
#define REINSTATE_WMSDK_32_BITS : uint32_t
#else
#define REINSTATE_WMSDK_32_BITS
#endif

/* Constants in each file that includes this, so that nothing has to be linked for them. */
#if defined(__GNUC__)
#define REINSTATE_WMSDK_UNUSED __attribute__((unused))
#else
#define REINSTATE_WMSDK_UNUSED
#endif
#define REINSTATE_WMSDK_GUID(name, ...) static const GUID name REINSTATE_WMSDK_UNUSED = {__VA_ARGS__}
#define REINSTATE_WMSDK_STRING(name, literal) \
  static const WCHAR* const name REINSTATE_WMSDK_UNUSED = REINSTATE_WMSDK_TEXT(literal)

#endif
