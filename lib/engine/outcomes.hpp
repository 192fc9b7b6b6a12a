// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OUTCOMES_HPP
#define REINSTATE_ENGINE_OUTCOMES_HPP

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>

#include <cstdint>

namespace reinstate::engine {

// How much is done between two looks at whether to go on: some hundredths of a second on ordinary disks.
inline constexpr std::uint64_t slice_bytes = 4 * 1024 * 1024;

// A title as reports and events carry it: cut where it is so long that many of them would fill the memory, and not
// inside a character (in UTF-8 all bytes of one but the first begin with the bits 10).
inline std::string short_title_of(const license_record& item) {
  constexpr std::size_t most = 256;
  std::string title = title_of(item);
  if (title.size() <= most) return title;
  std::size_t end = most;
  while (end != 0 && (static_cast<unsigned char>(title[end]) & 0xc0) == 0x80) --end;
  return title.substr(0, end);
}

// Why a license may not leave its machine or come to another one; success where it may. [C58, C107]
inline error_code refusal_of(const license_record& item) noexcept {
  switch (item.backup) {
    case backup_right::granted: return {};
    case backup_right::managed: return errc::service_required;
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
