// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_KEEP_POLICY_HPP
#define REINSTATE_KEEP_POLICY_HPP

#include <reinstate/error.hpp>

#include <string>
#include <string_view>

namespace reinstate {

// The generations of a backup that are kept when a new one has been written: the newest ones, and the newest of each of
// the latest days, ISO weeks and months (UTC) that have any. A generation is kept if any rule keeps it; the newest of
// all is always kept.
struct keep_policy {
  unsigned last = 0;
  unsigned daily = 0;
  unsigned weekly = 0;
  unsigned monthly = 0;

  // Returns true if no rule is set, so that nothing is removed.
  bool keeps_all() const noexcept { return last == 0 && daily == 0 && weekly == 0 && monthly == 0; }

  friend bool operator==(const keep_policy&, const keep_policy&) = default;
};

// Parses "all", or rules such as "last=3,daily=7,weekly=4,monthly=12": in any order, none twice, numbers from 1, no
// spaces. Errors: invalid_argument for any other text.
result<keep_policy> parse_keep_policy(std::string_view text);

// Returns a text that parse_keep_policy reads as the same policy.
std::string to_string(const keep_policy& policy);

}  // namespace reinstate

#endif
