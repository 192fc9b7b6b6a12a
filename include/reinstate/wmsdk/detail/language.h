/* SPDX-License-Identifier: BSL-1.0 */
#ifndef REINSTATE_WMSDK_LANGUAGE_H
#define REINSTATE_WMSDK_LANGUAGE_H

/* Language features that the declarations need, also on Windows. */

#include <stdint.h>

/* A UTF-16 literal. C99 has none if wchar_t is wider, so the constants made of them are missing there. [O17] */
#if defined(_WIN32) || (defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2)
#define REINSTATE_WMSDK_TEXT(literal) L##literal
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define REINSTATE_WMSDK_TEXT(literal) u##literal
#endif

/* Gives enumerations 32 bits in C++, because other code may store any value in them. */
#ifdef __cplusplus
#define REINSTATE_WMSDK_32_BITS : uint32_t
#else
#define REINSTATE_WMSDK_32_BITS
#endif

/* Defines constants in each file that includes this, so that they need not be linked. */
#if defined(__GNUC__)
#define REINSTATE_WMSDK_UNUSED __attribute__((unused))
#else
#define REINSTATE_WMSDK_UNUSED
#endif
#define REINSTATE_WMSDK_GUID(name, ...) static const GUID name REINSTATE_WMSDK_UNUSED = {__VA_ARGS__}
#define REINSTATE_WMSDK_STRING(name, literal) \
  static const WCHAR* const name REINSTATE_WMSDK_UNUSED = REINSTATE_WMSDK_TEXT(literal)

#endif
