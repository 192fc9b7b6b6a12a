// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OUTCOMES_HPP
#define REINSTATE_ENGINE_OUTCOMES_HPP

#include "metadata.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>

#include <chrono>
#include <cstdint>

namespace reinstate::engine {

// How much is done between two looks at whether to go on: some hundredths of a second on ordinary disks.
inline constexpr std::uint64_t slice_bytes = 2 * 1024 * 1024;

// Licenses count as well as bytes: a store of very small ones must stay just as quick to cancel.
inline constexpr std::uint64_t slice_licenses = slice_bytes / 512;

inline std::chrono::sys_seconds now_by(const backup_restorer_config& config) {
  return config.clock ? config.clock() : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Why a license may not leave its machine or come to another one, as far as its right says; success where it may. A
// managed one needs a service. [C58, C107]
inline error_code refusal_of(const license_record& item, const backup_restorer_config& config) noexcept {
  switch (item.backup) {
    case backup_right::granted: return {};
    case backup_right::managed: return config.service ? error_code() : make_error_code(errc::service_required);
    case backup_right::denied: break;
  }
  return errc::backup_right_absent;
}

// Counts a license that was left out, and lists it while the list has room.
inline void leave_out(operation_report& report, const operation_limits& limits, const license_record& item,
                      error_code reason) {
  ++report.licenses_left_out;
  if (report.outcomes.size() < limits.outcomes)
    report.outcomes.push_back({item.id, item.key, short_title_of(item), reason});
}

}  // namespace reinstate::engine

#endif
