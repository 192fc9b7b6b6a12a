// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_RESTORE_WARNINGS_HPP
#define REINSTATE_ENGINE_RESTORE_RESTORE_WARNINGS_HPP

#include "license/license_chain_check.hpp"
#include "license/metadata.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/report.hpp>

namespace reinstate::engine {

// Adds a warning about a license to the report while the list has room.
inline void warn(operation_report& report, const operation_limits& limits, const license_record& item,
                 error_code reason) {
  if (report.warnings.size() < limits.outcomes)
    report.warnings.push_back({item.id, item.key, short_title_of(item), reason});
}

// Warns about every leaf whose root is missing. Call once, after the last license.
inline void warn_of_broken_chains(operation_report& report, const operation_limits& limits,
                                  license_chain_check& chains) {
  chains.finish();
  for (const license_outcome& leaf : chains.broken())
    if (report.warnings.size() < limits.outcomes) report.warnings.push_back(leaf);
}

}  // namespace reinstate::engine

#endif
