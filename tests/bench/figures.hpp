// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_FIGURES_HPP
#define REINSTATE_BENCH_FIGURES_HPP

#include "child.hpp"

#include <nlohmann/json.hpp>

#include <compare>
#include <map>
#include <string>
#include <vector>

// What was measured, and what it says of the targets.
namespace bench {

// One row of the table: how long `who` took for `what`, with so many licenses.
struct subject {
  std::size_t licenses = 0;
  std::string what, who;

  friend auto operator<=>(const subject&, const subject&) = default;
};

class figures {
 public:
  void add(const subject& of, const usage& sample, std::uintmax_t bytes);
  void add_latencies(const subject& of, std::vector<double> seconds);

  // Medians with their spread, the targets as far as they were measured, and nothing of the machine.
  nlohmann::json as_json() const;

 private:
  struct row {
    std::vector<usage> samples;
    std::vector<std::uintmax_t> bytes;
  };

  std::map<subject, row> rows_;
  std::map<subject, std::vector<double>> latencies_;  // sorted
};

// The same as text, for a terminal.
void print(const nlohmann::json& figures);

}  // namespace bench

#endif
