// SPDX-License-Identifier: BSL-1.0
#include "service/server/request_log.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace reinstate::service {
namespace {

using json = nlohmann::ordered_json;

// A path may be as long as all header fields together.
constexpr std::size_t max_text = 200;

std::string time_text(std::chrono::system_clock::time_point instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(instant - days));
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return out;
}

json begin_line() {
  return {{"time", time_text(std::chrono::system_clock::now())}};
}

// Returns one line of valid JSON in ASCII, whatever bytes the client sent.
std::string end_line(const json& line) {
  return line.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace

void request_log::request(const logged_request& entry) {
  if (!sink_) return;
  json line = begin_line();
  line["request"] = entry.id;
  line["method"] = entry.method.substr(0, max_text);
  line["path"] = entry.path.substr(0, max_text);
  line["status"] = entry.status;
  line["milliseconds"] = std::chrono::duration_cast<std::chrono::milliseconds>(entry.duration).count();
  line["address"] = entry.address;
  if (!entry.machine.empty()) line["machine"] = entry.machine;
  write(end_line(line));
}

void request_log::event(std::string_view name, std::string_view detail) {
  if (!sink_) return;
  json line = begin_line();
  line["event"] = name;
  line["detail"] = detail;
  write(end_line(line));
}

void request_log::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  sink_(line);
}

}  // namespace reinstate::service
