// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_KEEP_POLICY_HPP
#define REINSTATE_KEEP_POLICY_HPP

#include <reinstate/error.hpp>

#include <string>
#include <string_view>

namespace reinstate {

// Which generations of a backup stay when a new one has been written: the newest ones, and the newest of each of the
// latest days, ISO weeks and months (UTC) that have any. A generation stays where one rule keeps it; the newest of all
// always stays.
struct keep_policy {
  unsigned last = 0;
  unsigned daily = 0;
  unsigned weekly = 0;
  unsigned monthly = 0;

  bool keeps_all() const noexcept { return last == 0 && daily == 0 && weekly == 0 && monthly == 0; }

  friend bool operator==(const keep_policy&, const keep_policy&) = default;
};

// "all", or rules such as "last=3,daily=7,weekly=4,monthly=12": in any order, none twice, numbers from 1, no spaces.
// Errors: invalid_argument for anything else.
result<keep_policy> parse_keep_policy(std::string_view text);

// A text that parse_keep_policy reads as the same policy.
std::string to_string(const keep_policy& policy);

}  // namespace reinstate

#endif
