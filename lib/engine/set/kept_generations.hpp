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
  std::uint32_t number;  // each once
  std::chrono::sys_seconds created;
};

// The numbers of those that stay, ascending. `all` is in any order. The newest number always stays.
//
// Newer is what has the higher number, whatever the clock said, which may have stood in 1970 or 2100. Days, weeks and
// months are counted from the newest generation back, each where it is first met.
std::vector<std::uint32_t> kept(const keep_policy& policy, std::span<const dated_generation> all);

}  // namespace reinstate::engine

#endif
