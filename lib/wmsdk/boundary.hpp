// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_BOUNDARY_HPP
#define REINSTATE_WMSDK_BOUNDARY_HPP

#include <reinstate/wmsdk/wmsdk.h>
#include <reinstate/error.hpp>

#include <new>
#include <system_error>

// Translation of errors and exceptions at the boundary of the C interface.

// Marks the symbols that the shared library exports; all others are hidden.
#define REINSTATE_WMSDK_EXPORT __attribute__((visibility("default")))

namespace reinstate::wmsdk {

inline HRESULT hresult_of(const error_code& ec) noexcept {
  return static_cast<HRESULT>(to_hresult(ec));
}

// Runs the body of a call and translates exceptions, which a caller in C could not catch.
template <class Function>
HRESULT guarded(Function function) noexcept {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  } catch (const std::system_error&) {
    return E_OUTOFMEMORY;  // a thread could not be started
  } catch (...) {
    return E_UNEXPECTED;
  }
}

}  // namespace reinstate::wmsdk

#endif
