// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_EVENTS_HPP
#define REINSTATE_ENGINE_OPERATION_EVENTS_HPP

#include <reinstate/status.hpp>

namespace reinstate::engine {

inline status_event event_of(status status) {
  return {status, {}, {}};
}

inline status_event event_of(const operation_progress& progress) {
  return {status::progress, {}, progress};
}

inline status_event event_of(individualization phase, error_code error = {}) {
  return {status::individualize, error, phase};
}

}  // namespace reinstate::engine

#endif
