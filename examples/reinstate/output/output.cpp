// SPDX-License-Identifier: BSL-1.0
#include "output/output.hpp"

#include "output/advice.hpp"
#include "output/text.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;

const reinstate::error_info* row_of(const error_code& ec) {
  for (const auto& row : reinstate::all_errors())
    if (ec == row.code) return &row;
  return nullptr;
}

// Returns true if everything was written.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string hresult_text(const error_code& ec) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "0x%08X", static_cast<unsigned>(reinstate::to_hresult(ec)));
  return out.data();
}

}  // namespace

json error_json(const error_code& ec, error_subject subject) {
  if (!ec.failed()) return nullptr;
  const auto* row = row_of(ec);
  return {{"name", row != nullptr ? std::string(row->name) : std::string("other")},
          {"hresult", hresult_text(ec)},
          {"message", text_of(ec)},
          {"advice", advice_for(ec, subject)}};
}

void print_error(std::string_view text, std::string_view advice, std::string_view location) {
  std::string out = "reinstate: ";
  if (!location.empty()) out += printable(location) + ": ";
  out.append(text).append("\n");
  if (!advice.empty()) out.append("  ").append(advice).append("\n");
  write_all(STDERR_FILENO, out);
}

void output::line(std::string_view text) {
  if (!is_json_) raw(std::string(text).append("\n"));
}

void output::note(std::string_view text) {
  if (!is_quiet_) line(text);
}

void output::object(const json& value) {
  // Escapes everything but ASCII and replaces invalid UTF-8: names and titles are not trusted.
  if (is_json_) raw(value.dump(-1, ' ', true, json::error_handler_t::replace).append("\n"));
}

void output::raw(std::string_view bytes) {
  if (!has_failed_ && !write_all(STDOUT_FILENO, bytes)) has_failed_ = true;
}

void output::put_result(std::string_view result, json error, json fields) {
  json all = {{"result", result}, {"error", std::move(error)}};
  if (fields.is_object()) all.update(fields);
  object(all);
}

exit_code output::done(json fields, exit_code code) {
  put_result(code == exit_partial ? "partial" : "done", nullptr, std::move(fields));
  return code;
}

exit_code output::failed(const error_code& ec, const error_location& location, json fields) {
  if (!location.name.empty()) fields["where"] = location.name;
  std::string advice(advice_for(ec, location.subject));
  if (fields.contains("mistyped_group"))
    advice =
        "Compare group " + fields["mistyped_group"].dump() + " with the printed one: one character of it is wrong.";
  put_result(ec == errc::operation_canceled ? "canceled" : "failed", error_json(ec, location.subject),
             std::move(fields));
  if (!is_json_) print_error(text_of(ec), advice, location.name);
  return exit_failed;
}

}  // namespace tool
