// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_REPORT_HPP
#define REINSTATE_REPORT_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace reinstate {

struct operation_plan;

// A license and the reason why it is reported.
struct license_outcome {
  license_id id;
  key_id key;
  std::string title;
  error_code reason;  // its message says what happened and what to do
};

// A file of a backup that is damaged or missing.
struct backup_damage {
  std::string file;
  error_code error;
};

// The result of an operation.
struct operation_report {
  std::uint64_t licenses_seen = 0;      // in the store (backup), in the backup (restore, verify)
  std::uint64_t licenses_done = 0;      // written, stored, or found good
  std::uint64_t licenses_kept = 0;      // already there in this revision or, on a restore, in a newer one
  std::uint64_t licenses_removed = 0;   // update only: in the previous generation, and no longer in the store
  std::uint64_t licenses_left_out = 0;  // see `outcomes`
  std::uint64_t bytes = 0;              // written to or read from the medium
  std::uint32_t generation = 0;         // of the backup; 0 if there was none
  std::uint32_t builds_on = 0;          // the generation it adds to; 0 for a full backup
  std::string file;                     // the file that an error is about, or empty
  std::string help_url;                 // URL of the service's page that tells the user what to do, if it named one

  // The licenses left out, and those taken with a warning, both in ascending order of license id; at most
  // `operation_limits::outcomes` each. The counts above are always complete.
  std::vector<license_outcome> outcomes;
  std::vector<license_outcome> warnings;

  // Damage in generations that were passed over for an older one, and damage found by a salvage or by a verification
  // that continues after damage.
  std::vector<backup_damage> damage;

  std::vector<std::uint32_t> generations_removed;  // by the keep policy, or because they were replaced

  std::shared_ptr<const operation_plan> plan;  // set by an operation that made a plan
};

}  // namespace reinstate

#endif
