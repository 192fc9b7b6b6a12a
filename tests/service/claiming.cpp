// SPDX-License-Identifier: BSL-1.0
// Claims licenses from a ledger and prints each answer as it gets it, to be killed at any moment:
//
//     claiming <ledger> <number> <calls>
//
// `number` makes its machines different from those of other processes, and its choices; without end where `calls` is 0.
// A line for each claim: license, machine, what was answered, uses left.
#include "claims_for_tests.hpp"

#include <charconv>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <unistd.h>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

unsigned number_in(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// In one go, so that a line is there or not.
bool print(const std::string& lines) {
  return ::write(STDOUT_FILENO, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size());
}

bool claim_some(ledger& from, unsigned number, std::mt19937& random) {
  const auto below = [&](unsigned end) { return static_cast<unsigned>(random() % end); };
  struct asked {
    unsigned license, machine;
  };
  std::vector<asked> what(1 + below(15));
  std::vector<slot_claim> claims;
  for (asked& one : what) {
    // The origin too, whose state counts when all places are taken.
    one = {below(claimed_licenses), below(4) == 0 ? origin_number : number * 100 + below(10)};
    slot_claim& claim = claims.emplace_back(numbered_claim(one.license, one.machine));
    claim.state.uses_left = 1'000'000 - below(500'000);
  }
  const auto outcomes = from.claim(claims, claiming_time);
  if (!outcomes) return false;
  std::string lines;
  for (std::size_t i = 0; i != what.size(); ++i) {
    const claim_outcome& got = (*outcomes)[i];
    for (const std::uint64_t value : {std::uint64_t{what[i].license}, std::uint64_t{what[i].machine},
                                      static_cast<std::uint64_t>(got.decision), got.state.uses_left.value()})
      lines.append(std::to_string(value)).append(" ");
    lines.back() = '\n';
  }
  return print(lines);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const unsigned number = number_in(arguments[2]), calls = number_in(arguments[3]);
  const auto from = open_sqlite_ledger(arguments[1]);
  if (!from) return 3;
  std::mt19937 random(number);
  for (unsigned i = 0; calls == 0 || i != calls; ++i)
    if (!claim_some(**from, number, random)) return 1;
  return 0;
}
