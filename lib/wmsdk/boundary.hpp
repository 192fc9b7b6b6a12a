// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_BOUNDARY_HPP
#define REINSTATE_WMSDK_BOUNDARY_HPP

#include <reinstate/wmsdk/wmsdk.h>
#include <reinstate/error.hpp>

#include <new>
#include <system_error>

// Everything that calls from outside pass on their way in and out.

// What the shared library shows; all else is hidden.
#define REINSTATE_WMSDK_EXPORT __attribute__((visibility("default")))

namespace reinstate::wmsdk {

inline HRESULT hresult_of(const error_code& ec) noexcept {
  return static_cast<HRESULT>(to_hresult(ec));
}

// Runs what a call does. Nobody on the other side could catch an exception.
template <class Function>
HRESULT guarded(Function function) noexcept {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  } catch (const std::system_error&) {
    return E_OUTOFMEMORY;  // the system has no thread to give
  } catch (...) {
    return E_UNEXPECTED;
  }
}

}  // namespace reinstate::wmsdk

#endif
