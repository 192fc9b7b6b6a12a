// SPDX-License-Identifier: BSL-1.0
#include "engine/set/kept_generations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <system_error>

namespace reinstate {
namespace {

struct rule {
  std::string_view name;
  unsigned keep_policy::*count;
};

constexpr std::array<rule, 4> rules{{{"last", &keep_policy::last},
                                     {"daily", &keep_policy::daily},
                                     {"weekly", &keep_policy::weekly},
                                     {"monthly", &keep_policy::monthly}}};

// Reads one rule, such as "last=3", into the policy. Returns false if it is malformed or was given before.
bool read_rule(std::string_view text, keep_policy& into) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return false;
  const auto found = std::ranges::find(rules, text.substr(0, equals), &rule::name);
  if (found == rules.end() || into.*found->count != 0) return false;
  unsigned& count = into.*found->count;
  const std::string_view digits = text.substr(equals + 1);
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, count);
  return error == std::errc() && stopped == end && count != 0;  // "last=0" would keep all, and not look like it
}

}  // namespace

result<keep_policy> parse_keep_policy(std::string_view text) {
  keep_policy policy;
  if (text == "all") return policy;
  for (;;) {
    const std::size_t comma = text.find(',');
    if (!read_rule(text.substr(0, comma), policy)) return errc::invalid_argument;
    if (comma == text.npos) return policy;
    text.remove_prefix(comma + 1);
  }
}

std::string to_string(const keep_policy& policy) {
  if (policy.keeps_all()) return "all";
  std::string text;
  for (const rule& each : rules) {
    if (policy.*each.count == 0) continue;
    if (!text.empty()) text += ',';
    text.append(each.name).append("=").append(std::to_string(policy.*each.count));
  }
  return text;
}

}  // namespace reinstate

namespace reinstate::engine {
namespace {

using namespace std::chrono;

// Instants outside the calendar count as its first or last day. Clamps in seconds: at the limits of the type,
// converting to days first would overflow.
sys_days day_of(sys_seconds instant) {
  constexpr sys_seconds first = sys_days{year::min() / January / 1}, last = sys_days{year::max() / December / 31};
  return floor<days>(std::clamp(instant, first, last));
}

std::int64_t day_number(sys_seconds instant) {
  return day_of(instant).time_since_epoch().count();
}

std::int64_t week_number(sys_seconds instant) {
  constexpr days since_monday{3};  // 1970 began with a Thursday, and ISO weeks begin with Monday
  return floor<weeks>(day_of(instant).time_since_epoch() + since_monday).count();
}

std::int64_t month_number(sys_seconds instant) {
  const year_month_day date{day_of(instant)};
  return std::int64_t{12} * static_cast<int>(date.year()) + static_cast<unsigned>(date.month());
}

// Keeps the newest generation of each of the first `count` buckets.
template <class Bucket>
void keep_newest(unsigned count, std::span<const dated_generation> newest_first, Bucket bucket,
                 std::set<std::uint32_t>& stay) {
  std::set<std::int64_t> met;
  for (const dated_generation& each : newest_first) {
    if (met.size() == count) return;
    if (met.insert(bucket(each.created)).second) stay.insert(each.number);
  }
}

}  // namespace

std::vector<std::uint32_t> kept(const keep_policy& policy, std::span<const dated_generation> all) {
  std::vector<dated_generation> newest_first(all.begin(), all.end());
  std::ranges::sort(newest_first, std::ranges::greater(), &dated_generation::number);

  // The newest stays by any rule, since it is what each of them meets first.
  const std::size_t last = policy.keeps_all() ? all.size() : policy.last;
  std::set<std::uint32_t> stay;
  for (const dated_generation& each : std::span(newest_first).first(std::min(last, all.size())))
    stay.insert(each.number);
  keep_newest(policy.daily, newest_first, day_number, stay);
  keep_newest(policy.weekly, newest_first, week_number, stay);
  keep_newest(policy.monthly, newest_first, month_number, stay);
  return {stay.begin(), stay.end()};
}

}  // namespace reinstate::engine
