// SPDX-License-Identifier: BSL-1.0
#include "output.hpp"

#include "text.hpp"

#include <boost/system/errc.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdio>
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

// Writes everything, or returns false.
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

std::string text_of(const error_code& ec) {
  if (ec == errc::invalid_argument) return "It is not what is expected here.";
  const auto* row = row_of(ec);
  return row != nullptr ? std::string(row->text) : ec.message();
}

std::string advice_of(const error_code& ec) {
  if (ec == errc::invalid_argument) return "See the help of this command for what it may be.";
  if (ec == errc::passphrase_required)
    return "Give it with --passphrase-file FILE, an age identity with --identity-file FILE, in the environment "
           "variable "
           "REINSTATE_PASSPHRASE, or run this in a terminal to be asked.";
  if (ec == errc::backup_exists)
    return "Add to it with --update, or replace it with --overwrite; it stays until the new one is proven good.";
  if (ec == errc::needs_individualization) return "Permit it: restore with --individualize, or import a license.";
  if (ec == errc::generation_missing) return "Copy it to this folder, or restore what is left with --salvage.";
  if (ec == errc::generation_not_found) return "Choose one of those that inspect lists.";
  if (ec == errc::license_damaged) return "Restore it from a backup with restore --repair, or import it again.";
  if (ec == errc::not_backed_up || ec == errc::changed_since_backup) return "Back it up now: backup --update.";
  if (ec == errc::only_in_backup) return "Restore it; or, if it was removed on purpose, backup --update.";
  if (ec == errc::service_required)
    return "Name its key with --service-key KEY and, for anything but a backup, its address with --service URL; or "
           "once "
           "and for all with service set.";
  if (ec == errc::service_contact_refused) return "Agree with --agree, or run this in a terminal to be asked.";
  if (ec == errc::network_forbidden) return "Restore it without --offline.";
  if (ec == errc::machine_limit_reached)
    return "Release a machine you no longer use, on the page the service names or with release.";
  if (ec == boost::system::errc::file_exists) return "Choose another name: nothing is overwritten.";
  return std::string(reinstate::advice_for(ec));
}

json error_json(const error_code& ec) {
  if (!ec.failed()) return nullptr;
  const auto* row = row_of(ec);
  return {{"name", row != nullptr ? std::string(row->name) : std::string("other")},
          {"hresult", hresult_text(ec)},
          {"message", text_of(ec)},
          {"advice", advice_of(ec)}};
}

void print_error(std::string_view text, std::string_view advice, std::string_view where) {
  std::string out = "reinstate: ";
  if (!where.empty()) out += printable(where) + ": ";
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
  // ASCII only, and what is not UTF-8 replaced: names and titles come from elsewhere.
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

exit_code output::done(json fields, exit_code how) {
  put_result(how == exit_partial ? "partial" : "done", nullptr, std::move(fields));
  return how;
}

exit_code output::failed(const error_code& ec, std::string_view where, json fields) {
  if (!where.empty()) fields["where"] = where;
  std::string advice = advice_of(ec);
  if (fields.contains("mistyped_group"))
    advice =
        "Compare group " + fields["mistyped_group"].dump() + " with the printed one: one character of it is wrong.";
  put_result(ec == errc::operation_canceled ? "canceled" : "failed", error_json(ec), std::move(fields));
  if (!is_json_) print_error(text_of(ec), advice, where);
  return exit_failed;
}

}  // namespace tool
