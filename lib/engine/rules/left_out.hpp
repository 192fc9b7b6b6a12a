// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_LEFT_OUT_HPP
#define REINSTATE_ENGINE_RULES_LEFT_OUT_HPP

#include "license/metadata.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>

namespace reinstate::engine {

// Counts a license that is left out, and lists it in the report while the list has room.
inline void leave_out(operation_report& report, const operation_limits& limits, const license_record& item,
                      error_code reason) {
  ++report.licenses_left_out;
  if (report.outcomes.size() < limits.outcomes)
    report.outcomes.push_back({item.id, item.key, short_title_of(item), reason});
}

}  // namespace reinstate::engine

#endif
