// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_SCENARIOS_HPP
#define REINSTATE_BENCH_SCENARIOS_HPP

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace bench {

struct plan {
  std::filesystem::path folder;
  std::vector<std::size_t> licenses;
  std::set<std::string> scenarios;  // empty: all of them
  int runs = 5;
  std::size_t peers_up_to = 0;
  double quiet_seconds = 0;
  std::function<void(const nlohmann::json&)> so_far;  // told the figures after each scenario
};

// Makes the corpora that are not there yet, runs everything in turn, and gives the figures. What goes wrong is thrown;
// std::out_of_range where there is no such scenario.
nlohmann::json measure_all(const plan& what);

}  // namespace bench

#endif
