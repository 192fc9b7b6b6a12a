// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "engine/set/kept_generations.hpp"

#include <reinstate/keep_policy.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace reinstate;
using namespace std::chrono;
using engine::dated_generation;
using engine::kept;

namespace {

using numbers = std::vector<std::uint32_t>;

sys_seconds on(int y, unsigned m, unsigned d, int h = 12) {
  return sys_days{year{y} / month{m} / day{d}} + hours{h};
}

sys_seconds at(std::int64_t instant) {
  return sys_seconds{seconds{instant}};
}

// Generations 1, 2, 3, ... made at these instants.
std::vector<dated_generation> made_at(const std::vector<sys_seconds>& instants) {
  std::vector<dated_generation> all;
  for (const sys_seconds instant : instants) all.push_back({static_cast<std::uint32_t>(all.size() + 1), instant});
  return all;
}

std::vector<dated_generation> every(seconds step, unsigned count) {
  std::vector<sys_seconds> instants;
  for (unsigned i = 0; i != count; ++i) instants.push_back(on(2026, 1, 1, 0) + i * step);
  return made_at(instants);
}

std::vector<dated_generation> those(const numbers& chosen, const std::vector<dated_generation>& all) {
  std::vector<dated_generation> out;
  for (const dated_generation& each : all)
    if (std::ranges::binary_search(chosen, each.number)) out.push_back(each);
  return out;
}

keep_policy policy_of(std::string_view text) {
  return parse_keep_policy(text).value();
}

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE("a keep policy is read and written", "[keep]") {
  CHECK(policy_of("all") == keep_policy{});
  CHECK(policy_of("all").keeps_all());
  const keep_policy full{.last = 3, .daily = 7, .weekly = 4, .monthly = 12};
  CHECK(policy_of("last=3,daily=7,weekly=4,monthly=12") == full);
  CHECK(policy_of("monthly=12,weekly=4,last=3,daily=7") == full);
  CHECK_FALSE(full.keeps_all());
  CHECK(to_string(full) == "last=3,daily=7,weekly=4,monthly=12");
  CHECK(to_string(keep_policy{}) == "all");
  CHECK(to_string(policy_of("weekly=4294967295")) == "weekly=4294967295");
}

TEST_CASE("every keep policy comes back from its text", "[keep]") {
  const keep_policy policy{GENERATE(0u, 1u), GENERATE(0u, 20u), GENERATE(0u, 300u), GENERATE(0u, 4294967295u)};
  CHECK(policy_of(to_string(policy)) == policy);
}

TEST_CASE("what is no keep policy is refused", "[keep]") {
  const char* text = GENERATE("", "ALL", "all,last=3", "last=3,all", "last", "last=", "=3", "last=0", "last=-1",
                              "last=+1", "last=1.5", "last=0x1", "last=4294967296", "last=99999999999999999999",
                              "last=3,", ",last=3", "last=3,,daily=7", "last=3,last=4", "last=3, daily=7", " last=3",
                              "last=3 ", "last =3", "Last=3", "yearly=1", "last=3;daily=7", "last=3=4");
  CAPTURE(text);
  REQUIRE(parse_keep_policy(text).has_error());
  CHECK(parse_keep_policy(text).error() == errc::invalid_argument);
}

TEST_CASE("generations of a schedule stay by the policy", "[keep]") {
  struct row {
    const char* schedule;
    std::vector<dated_generation> all;
    const char* policy;
    numbers stay;
  };
  const auto hourly = every(hours{1}, 72);  // the last at 2026-01-03 23:00
  const auto daily = every(days{1}, 365);
  const auto to_1970 = made_at({on(2026, 5, 1), on(2026, 5, 2), at(0), on(2026, 5, 2, 13), on(2026, 5, 3)});
  const auto to_2100 = made_at({on(2026, 5, 1), on(2026, 5, 2), on(2100, 1, 1), on(2026, 5, 3)});
  const auto at_once = made_at({at(5), at(5), at(5), at(5), at(5)});
  const auto sunday = made_at({on(2024, 12, 29), on(2024, 12, 30), on(2025, 1, 5), on(2025, 1, 6)});
  const auto before_1970 = made_at({on(1969, 12, 28), on(1969, 12, 29), at(-1), at(0)});
  const auto edges = made_at({at(least), at(least + 1), at(most), at(most - 1)});
  const std::int64_t beyond = 2'000'000'000'000;  // seconds, where no calendar has a year any more
  const auto no_year = made_at({at(beyond), at(2 * beyond), at(-beyond), at(-2 * beyond)});
  const row rows[] = {
      {"hourly", hourly, "last=3", {70, 71, 72}},
      {"hourly", hourly, "last=2,daily=2", {48, 71, 72}},
      {"hourly", hourly, "daily=9,weekly=9,monthly=9", {24, 48, 72}},
      {"daily", daily, "daily=2,weekly=2,monthly=3", {304, 334, 361, 364, 365}},
      {"daily", daily, "monthly=12", {31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}},
      {"clock in 1970 once", to_1970, "daily=3", {3, 4, 5}},
      {"clock in 1970 once", to_1970, "daily=4", {1, 3, 4, 5}},
      {"clock in 1970 once", to_1970, "monthly=1", {5}},
      {"clock in 2100 once", to_2100, "last=1", {4}},
      {"clock in 2100 once", to_2100, "daily=3", {2, 3, 4}},
      {"clock in 2100 once", to_2100, "weekly=2,monthly=2", {3, 4}},
      {"all at one instant", at_once, "daily=7,weekly=4,monthly=12", {5}},
      {"all at one instant", at_once, "last=3,daily=7", {3, 4, 5}},
      {"a week ends on Sunday", sunday, "weekly=9", {1, 3, 4}},
      {"before 1970", before_1970, "daily=9", {1, 2, 3, 4}},
      {"before 1970", before_1970, "weekly=9", {1, 4}},
      {"before 1970", before_1970, "monthly=9", {3, 4}},
      {"the edges of time", edges, "daily=9", {2, 4}},
      {"the edges of time", edges, "weekly=9", {2, 4}},
      {"the edges of time", edges, "monthly=9", {2, 4}},
      {"beyond the calendar", no_year, "daily=9", {2, 4}},
      {"beyond the calendar", no_year, "weekly=9", {2, 4}},
      {"beyond the calendar", no_year, "monthly=9", {2, 4}},
      {"fewer than asked for", edges, "last=4294967295", {1, 2, 3, 4}},
      {"everything", edges, "all", {1, 2, 3, 4}},
      {"none at all", {}, "last=1,daily=1", {}},
      {"none at all", {}, "all", {}},
  };
  for (const row& each : rows) {
    CAPTURE(each.schedule, each.policy);
    CHECK(kept(policy_of(each.policy), each.all) == each.stay);
  }
}

TEST_CASE("whatever the clock did keeping is stable", "[keep]") {
  std::mt19937 random(3);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const auto instant = [&] {
    switch (below(6)) {
      case 0: return at(static_cast<std::int64_t>(below(3)) * 86'400);
      case 1: return on(2100, 1, 1) + days{below(40)};
      case 2: return at(below(2) ? least : most);
      default: return on(2026, 1, 1) + hours{below(24 * 90)};
    }
  };
  for (int round = 0; round != 3000; ++round) {
    const keep_policy policy{below(4), below(4), below(4), below(4)};
    std::vector<sys_seconds> instants(1 + below(30));
    std::ranges::generate(instants, instant);
    std::vector<dated_generation> all = made_at(instants);
    const numbers before = kept(policy, all);
    CAPTURE(round, to_string(policy));
    CHECK(before.back() == all.size());
    CHECK(kept(policy, those(before, all)) == before);

    all.push_back({static_cast<std::uint32_t>(all.size() + 1), instant()});
    std::ranges::shuffle(all, random);
    const numbers after = kept(policy, all);
    numbers gone;
    std::ranges::set_difference(before, after, std::back_inserter(gone));
    const unsigned rules = (policy.last != 0) + (policy.daily != 0) + (policy.weekly != 0) + (policy.monthly != 0);
    CHECK(gone.size() <= rules);
    CHECK(after.back() == all.size());
  }
}
