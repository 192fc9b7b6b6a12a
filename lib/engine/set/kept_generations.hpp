// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_KEPT_GENERATIONS_HPP
#define REINSTATE_ENGINE_SET_KEPT_GENERATIONS_HPP

#include <reinstate/keep_policy.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace reinstate::engine {

struct dated_generation {
  std::uint32_t number;  // unique
  std::chrono::sys_seconds created;
};

// Returns the numbers of the generations that the policy keeps, in ascending order. `all` is in any order. The highest
// number always stays.
//
// The generation with the higher number is the newer one, whatever its date: a clock may have stood in 1970 or 2100.
// Days, weeks and months are counted back from the newest generation; the newest of each stays.
std::vector<std::uint32_t> kept(const keep_policy& policy, std::span<const dated_generation> all);

}  // namespace reinstate::engine

#endif
