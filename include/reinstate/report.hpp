// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_REPORT_HPP
#define REINSTATE_REPORT_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace reinstate {

// One license that was left out, and why.
struct license_outcome {
  license_id id;
  key_id key;
  std::string title;
  error_code reason;  // its message says what happened and what to do
};

// What an operation did.
struct operation_report {
  std::uint64_t licenses_seen = 0;  // in the store (backup), in the backup (restore, verify)
  std::uint64_t licenses_done = 0;  // written, stored, or found good
  std::uint64_t licenses_kept = 0;  // restore only: already there, this revision or a newer one
  std::uint64_t licenses_left_out = 0;
  std::uint64_t bytes = 0;       // written to or read from the medium
  std::uint32_t generation = 0;  // of the backup this was about; 0 where there was none
  std::string where;             // the file an error is about, or empty

  // The licenses left out, in order of license id; at most `operation_limits::outcomes` of them. The counts above are
  // always complete.
  std::vector<license_outcome> outcomes;
};

}  // namespace reinstate

#endif
