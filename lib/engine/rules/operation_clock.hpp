// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_OPERATION_CLOCK_HPP
#define REINSTATE_ENGINE_RULES_OPERATION_CLOCK_HPP

#include <reinstate/backup_restorer.hpp>

#include <chrono>

namespace reinstate::engine {

// Returns the current time by the clock of the configuration, or by the system clock if it has none.
inline std::chrono::sys_seconds current_time(const backup_restorer_config& config) {
  return config.clock ? config.clock() : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace reinstate::engine

#endif
