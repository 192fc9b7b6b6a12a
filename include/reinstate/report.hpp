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

// One license, and what there is to say about it.
struct license_outcome {
  license_id id;
  key_id key;
  std::string title;
  error_code reason;  // its message says what happened and what to do
};

// One file of a backup that is damaged or not there.
struct backup_damage {
  std::string file;
  error_code error;
};

// What an operation did.
struct operation_report {
  std::uint64_t licenses_seen = 0;      // in the store (backup), in the backup (restore, verify)
  std::uint64_t licenses_done = 0;      // written, stored, or found good
  std::uint64_t licenses_kept = 0;      // already there: this revision, or on a restore a newer one
  std::uint64_t licenses_removed = 0;   // update only: in the generation before, and no longer in the store
  std::uint64_t licenses_left_out = 0;  // see `outcomes`
  std::uint64_t bytes = 0;              // written to or read from the medium
  std::uint32_t generation = 0;         // of the backup this was about; 0 where there was none
  std::uint32_t builds_on = 0;          // the generation that one adds to; 0: it holds everything itself
  std::string where;                    // the file an error is about, or empty
  std::string page;                     // of the License Management Service, where it named one: what can be done

  // The licenses left out, in order of license id, and those about which there is something to say although they were
  // taken; at most `operation_limits::outcomes` each. The counts above are always complete.
  std::vector<license_outcome> outcomes;
  std::vector<license_outcome> warnings;

  // Generations that were passed over for an older one, and what a salvage or a verification to the end found.
  std::vector<backup_damage> damage;

  std::vector<std::uint32_t> generations_removed;  // by the keep policy, or because they were replaced

  std::shared_ptr<const operation_plan> plan;  // of an operation that made one
};

}  // namespace reinstate

#endif
