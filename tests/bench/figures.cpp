// SPDX-License-Identifier: BSL-1.0
#include "figures.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace bench {
namespace {

using nlohmann::json;

double quantile(const std::vector<double>& sorted, double of) {
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(of * static_cast<double>(sorted.size())))];
}

template <class Samples, class Value>
std::vector<double> sorted(const Samples& samples, Value value) {
  std::vector<double> out;
  for (const auto& each : samples) out.push_back(static_cast<double>(value(each)));
  std::ranges::sort(out);
  return out;
}

// One figure, or the ratio of two, that is to be at most so much.
struct target {
  const char* text;
  const char* figure;  // "seconds", "peak_mib", "bytes", "p99", "max"
  subject of, to;      // of what; to what, unless `to` is empty
  double limit;
  const char* without = "";  // what of the row `to` does not count: see `peers.cpp`
};

constexpr std::size_t thousand = 1'000, hundred_thousand = 100'000, million = 1'000'000;

subject at(std::size_t licenses, const char* what, const char* who = "reinstate") {
  return {licenses, what, who};
}

const std::vector<target>& all_targets() {
  static const std::vector<target> all = [] {
    const std::size_t n = hundred_thousand;
    std::vector<target> out = {
        {"backup: times the floor with two threads", "seconds", at(n, "backup"), at(n, "backup", "floor, two threads"),
         1.4},
        {"backup: times sqlite3 .backup and age", "seconds", at(n, "backup"), at(n, "backup", "sqlite3 .backup, age"),
         0.5},
        {"backup: times restic", "seconds", at(n, "backup"), at(n, "backup", "restic"), 0.1, "restic: opening"},
        {"restore: times the floor with two threads", "seconds", at(n, "restore"),
         at(n, "restore", "floor, two threads"), 1.4},
        {"restore: times tar and age", "seconds", at(n, "restore"), at(n, "restore", "tar, age"), 0.3},
        {"restore: times sqlite3 .backup and age, merged", "seconds", at(n, "restore"),
         at(n, "restore", "sqlite3 .backup, age, merged"), 0.75},
        {"update after 1 % changed: times restic", "seconds", at(n, "update, 1 %"), at(n, "update, 1 %", "restic"),
         0.05, "restic: opening"},
        {"update with 1,000 changed: bytes, 1,000,000 licenses to 100,000", "bytes", at(million, "update, 0.1 %"),
         at(n, "update, 1 %"), 1.1},
        {"update with 1,000 changed: time, 1,000,000 licenses to 100,000", "seconds", at(million, "update, 0.1 %"),
         at(n, "update, 1 %"), 2},
        {"1,000 licenses, backup: times tar and age", "seconds", at(thousand, "backup"),
         at(thousand, "backup", "tar, age"), 1},
        {"1,000 licenses, restore: times tar and age", "seconds", at(thousand, "restore"),
         at(thousand, "restore", "tar, age"), 1},
        {"backup of 1,000,000: times 100,000", "seconds", at(million, "backup"), at(n, "backup"), 11},
        {"restore of 1,000,000: times 100,000", "seconds", at(million, "restore"), at(n, "restore"), 11},
    };
    for (const std::size_t count : {thousand, n, million})
      for (const char* what : {"backup", "restore", "update, 1 %"})
        out.push_back({"peak memory in MiB", "peak_mib", at(count, what), {}, 64});
    const std::vector<target> rest = {
        {"backup, cold caches: times warm", "seconds", at(n, "backup, cold"), at(n, "backup"), 2},
        {"restore, cold caches: times warm", "seconds", at(n, "restore, cold"), at(n, "restore"), 2},
        {"backup of a grown store: times one filled in one go", "seconds", at(n, "backup, grown"), at(n, "backup"), 2},
        {"backup of a grown store, cold caches: times warm", "seconds", at(n, "backup, grown, cold"),
         at(n, "backup, grown"), 2},
        {"backup on one core: times the floor there", "seconds", at(n, "backup, one core"),
         at(n, "backup, one core", "floor, one thread"), 1.15},
        {"restore on one core: times the floor there", "seconds", at(n, "restore, one core"),
         at(n, "restore, one core", "floor, one thread"), 1.15},
        {"backup by one thread: times the floor with one", "seconds", at(n, "backup", "reinstate, one thread"),
         at(n, "backup", "floor, one thread"), 1.15},
        {"restore by one thread: times the floor with one", "seconds", at(n, "restore", "reinstate, one thread"),
         at(n, "restore", "floor, one thread"), 1.15},
        {"commits of a player, the slowest of 100: times without a backup", "p99", at(n, "commit while a backup runs"),
         at(n, "commit"), 3},
        {"cancel a backup: the slowest, in seconds", "max", at(n, "cancel a backup"), {}, 0.05},
        {"cancel a restore: the slowest, in seconds", "max", at(n, "cancel a restore"), {}, 0.05},
    };
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
  }();
  return all;
}

std::optional<double> value_of(const json& rows, const subject& of, const char* figure) {
  for (const json& row : rows)
    if (row["licenses"] == of.licenses && row["what"] == of.what && row["who"] == of.who && row.contains(figure))
      return row[figure].get<double>();
  return std::nullopt;
}

json assess(const json& rows) {
  json out = json::array();
  for (const target& each : all_targets()) {
    auto value = value_of(rows, each.of, each.figure);
    if (!value) continue;
    if (each.to.licenses != 0) {
      const auto to = value_of(rows, each.to, each.figure);
      if (!to) continue;
      const double without = value_of(rows, at(each.to.licenses, each.without, "restic"), each.figure).value_or(0);
      *value /= *to - without;
    }
    std::string text = each.text;
    if (each.figure == std::string("peak_mib"))
      text += ", " + each.of.what + ", " + std::to_string(each.of.licenses) + " licenses";
    out.push_back({{"target", text}, {"limit", each.limit}, {"value", *value}, {"met", *value <= each.limit}});
  }
  return out;
}

}  // namespace

void figures::add(const subject& of, const usage& sample, std::uintmax_t bytes) {
  rows_[of].samples.push_back(sample);
  rows_[of].bytes.push_back(bytes);
}

void figures::add_latencies(const subject& of, std::vector<double> seconds) {
  auto& all = latencies_[of];
  all.insert(all.end(), seconds.begin(), seconds.end());
  std::ranges::sort(all);
}

json figures::as_json() const {
  json rows = json::array();
  for (const auto& [of, row] : rows_) {
    const auto seconds = sorted(row.samples, [](const usage& each) { return each.seconds; });
    const auto others = sorted(row.samples, [](const usage& each) { return each.others; });
    rows.push_back(
        {{"licenses", of.licenses},
         {"what", of.what},
         {"who", of.who},
         {"runs", seconds.size()},
         {"seconds", quantile(seconds, 0.5)},
         {"min", seconds.front()},
         {"max", seconds.back()},
         {"cpu_seconds", quantile(sorted(row.samples, [](const usage& each) { return each.cpu_seconds; }), 0.5)},
         {"peak_mib", sorted(row.samples, [](const usage& each) { return each.peak_mib; }).back()},
         {"bytes", quantile(sorted(row.bytes, [](std::uintmax_t each) { return each; }), 0.5)},
         {"others", others.back()}});
  }
  for (const auto& [of, seconds] : latencies_)
    if (!seconds.empty())
      rows.push_back({{"licenses", of.licenses},
                      {"what", of.what},
                      {"who", of.who},
                      {"runs", seconds.size()},
                      {"seconds", quantile(seconds, 0.5)},
                      {"min", seconds.front()},
                      {"max", seconds.back()},
                      {"p99", quantile(seconds, 0.99)}});
  return {{"rows", rows}, {"targets", assess(rows)}};
}

void print(const json& figures) {
  std::printf("%-9s %-28s %-30s %9s  %-19s %7s %5s %10s %7s\n", "licenses", "what", "who", "median s", "min - max",
              "cpu s", "MiB", "bytes", "others");
  for (const json& row : figures["rows"]) {
    const auto number = [&row](const char* name) { return row.value(name, 0.0); };
    std::printf("%-9zu %-28s %-30s %9.4f  %8.4f - %8.4f", row["licenses"].get<std::size_t>(),
                row["what"].get<std::string>().c_str(), row["who"].get<std::string>().c_str(), number("seconds"),
                number("min"), number("max"));
    if (row.contains("p99"))
      std::printf("  99 of 100 within %.4f, of %d\n", number("p99"), row["runs"].get<int>());
    else
      std::printf(" %7.2f %5.0f %10.0f %5.0f %%\n", number("cpu_seconds"), number("peak_mib"), number("bytes"),
                  100 * number("others"));
  }
  std::printf("\n");
  for (const json& each : figures["targets"])
    std::printf("%-7s %8.3f of at most %6.2f  %s\n", each["met"].get<bool>() ? "met" : "NOT MET",
                each["value"].get<double>(), each["limit"].get<double>(), each["target"].get<std::string>().c_str());
}

}  // namespace bench
