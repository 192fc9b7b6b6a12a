// SPDX-License-Identifier: BSL-1.0
#include "service/server/page.hpp"

#include "core/hex.hpp"
#include "crypto/base64.hpp"
#include "service/server/form.hpp"
#include "service/server/page_style.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <utility>

namespace reinstate::service {
namespace {

using std::chrono::sys_seconds;

constexpr std::array notices = {
    std::pair(page_notice::released, std::string_view("released")),
    std::pair(page_notice::too_soon, std::string_view("too-soon")),
    std::pair(page_notice::not_found, std::string_view("not-found")),
    std::pair(page_notice::failed, std::string_view("failed")),
};

// Concatenates texts, without escaping them.
template <class... Parts>
std::string join(const Parts&... parts) {
  std::string out;
  (out.append(parts), ...);
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return join(" ", name, "=\"", escaped(value), "\"");
}

std::string hidden(std::string_view name, std::string_view value) {
  return join("<input type=\"hidden\"", attribute("name", name), attribute("value", value), ">\n");
}

std::string day_of(sys_seconds time) {
  constexpr std::array months = {"January", "February", "March",     "April",   "May",      "June",
                                 "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  const unsigned month = static_cast<unsigned>(date.month());
  return join(std::to_string(static_cast<unsigned>(date.day())), " ", months[month - 1], " ",
              std::to_string(static_cast<int>(date.year())));
}

// `format` takes the hours and the minutes.
std::string time_of_day(sys_seconds time, const char* format) {
  const std::chrono::hh_mm_ss clock(time - std::chrono::floor<std::chrono::days>(time));
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), format, static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()));
  return out.data();
}

// Returns "2027-01-15T08:00Z", for the datetime attribute.
std::string iso_time(sys_seconds time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return join(out.data(), time_of_day(time, "T%02d:%02dZ"));
}

std::string time_element(sys_seconds time, std::string_view text) {
  return join("<time", attribute("datetime", iso_time(time)), ">", text, "</time>");
}

// Shows a future instant to the minute. Rounds up: a release attempted seconds too early would be refused.
std::string future_time(sys_seconds time) {
  const sys_seconds rounded = std::chrono::ceil<std::chrono::minutes>(time);
  return time_element(rounded, join(day_of(rounded), time_of_day(rounded, ", %02d:%02d UTC")));
}

// Shows a past instant, for which the day is enough.
std::string day(sys_seconds time) {
  return time_element(time, day_of(time));
}

// Returns "1 machine" or "2 machines".
std::string counted(std::uint64_t count, std::string_view noun) {
  return join(std::to_string(count), " ", noun, count == 1 ? "" : "s");
}

std::string duration_text(std::chrono::seconds span) {
  using namespace std::chrono;
  if (span >= days(2)) return counted(static_cast<std::uint64_t>(ceil<days>(span).count()), "day");
  if (span >= hours(2)) return counted(static_cast<std::uint64_t>(ceil<hours>(span).count()), "hour");
  return counted(static_cast<std::uint64_t>(std::max<long>(ceil<minutes>(span).count(), 1)), "minute");
}

std::string name_of(const managed_machine& machine) {
  return machine.name.empty() ? "Unnamed machine" : join("<bdi>", escaped(machine.name), "</bdi>");
}

// Returns enough of the id to distinguish machines of the same name.
std::string short_id(const managed_machine& machine) {
  return text_of(machine.id).substr(0, 8);
}

bool is_web_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

std::string document(const service_description& description, std::string_view title, std::string_view content) {
  const std::string service = escaped(description.name.empty() ? "License Management Service" : description.name);
  std::string footer = join("<p>The License Management Service counts the machines that have your licenses. ",
                            "It never sees the content that they protect.</p>\n");
  if (is_web_address(description.privacy))
    footer += join("<p><a", attribute("href", description.privacy), " rel=\"noreferrer\">Privacy</a></p>\n");
  return join(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>",
      escaped(title), " – ", service, "</title>\n<style>", page_style, "</style>\n</head>\n<body>\n<header><p>",
      service, "</p></header>\n<main>\n", content, "</main>\n<footer>\n", footer, "</footer>\n</body>\n</html>\n");
}

std::string notice_element(page_notice notice) {
  const auto element = [](std::string_view kind, std::string_view text) {
    return join("<p class=\"notice", kind, "\" role=\"status\">", text, "</p>\n");
  };
  switch (notice) {
    case page_notice::none: return {};
    case page_notice::released:
      return element("", "The machine was released. You can now restore your licenses on another machine.");
    case page_notice::too_soon:
      return element(" warning",
                     "Nothing was released: another machine was released recently. The list shows when the next "
                     "release is possible.");
    case page_notice::not_found:
      return element(" warning", "Nothing was released: none of your licenses is on that machine anymore.");
    case page_notice::failed:
      return element(" warning",
                     "The machine may not have been released: the service has a problem. Try again in a few minutes.");
  }
  return {};
}

std::string release_cell(const managed_machine& machine, std::string_view ticket) {
  if (machine.releasable_from) return join("Can be released from ", future_time(*machine.releasable_from));
  return join("<form method=\"post\" action=\"", page_path, "\">\n", hidden("ticket", ticket),
              hidden("machine", text_of(machine.id)), "<button>Release<span class=\"unseen\"> ", name_of(machine), ", ",
              short_id(machine), "</span></button>\n</form>");
}

// States the roles explicitly: browsers drop the table semantics when a style displays a table as cards.
std::string row(const managed_machine& machine, std::string_view ticket) {
  const auto cell = [](std::string_view label, std::string_view content) {
    return join("<td role=\"cell\" data-label=\"", label, "\">", content, "</td>\n");
  };
  return join("<tr role=\"row\">\n<th scope=\"row\" role=\"rowheader\">", name_of(machine), "<span class=\"id\">",
              short_id(machine), "</span></th>\n", cell("First restore", day(machine.first_restore)),
              cell("Last restore", day(machine.last_restore)), cell("Licenses", std::to_string(machine.licenses)),
              "<td role=\"cell\">", release_cell(machine, ticket), "</td>\n</tr>\n");
}

std::string table(const machine_list& list, std::string_view ticket) {
  std::string out =
      "<table role=\"table\">\n<caption class=\"unseen\">Machines that have your licenses</caption>\n"
      "<thead role=\"rowgroup\">\n<tr role=\"row\">\n";
  for (const std::string_view heading : {"Machine", "First restore", "Last restore", "Licenses", "Release"})
    out += join("<th scope=\"col\" role=\"columnheader\">", heading, "</th>\n");
  out += "</tr>\n</thead>\n<tbody role=\"rowgroup\">\n";
  for (const managed_machine& machine : list.machines) out += row(machine, ticket);
  return out + "</tbody>\n</table>\n";
}

}  // namespace

std::string_view name_of(page_notice notice) noexcept {
  const auto* const found = std::ranges::find(notices, notice, [](const auto& row) { return row.first; });
  return found == notices.end() ? std::string_view() : found->second;
}

page_notice notice_of(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(notices, name, [](const auto& row) { return row.second; });
  return found == notices.end() ? page_notice::none : found->first;
}

std::string text_of(const machine_id& machine) {
  return hex_of(machine);
}

std::optional<machine_id> machine_of(std::string_view text) {
  machine_id out{};
  return from_hex(text, out) ? std::optional(out) : std::nullopt;
}

std::string page_maker::index() const {
  return document(
      description, "About this service",
      "<h1>License Management Service</h1>\n"
      "<p>Programs that restore backups of media licenses ask this service whether a license may be on one more "
      "machine. There is nothing to do on this page.</p>\n"
      "<h2>Too many machines?</h2>\n"
      "<p>When a restore reports that a limit was reached, it shows a link. Open that link to see your machines and "
      "to release one that you no longer use.</p>\n");
}

std::string page_maker::machines(const machine_list& list, std::string_view ticket, page_notice notice) const {
  std::string content = join("<h1>Your machines</h1>\n", notice_element(notice));
  if (list.machines.empty())
    return document(description, "Your machines", content + "<p>None of your licenses is on a machine.</p>\n");
  content += join("<p>Each of your licenses may be on ", counted(list.limit, "machine"), " at a time. They are on ",
                  counted(list.machines.size(), "machine"), " now.</p>\n");
  const auto is_releasable = [](const managed_machine& machine) { return !machine.releasable_from; };
  if (std::ranges::any_of(list.machines, is_releasable))
    content += "<p>Release a machine that you no longer use, then restore again on the new one.</p>\n";
  return document(description, "Your machines", content + table(list, ticket));
}

std::string page_maker::confirmation(const managed_machine& machine, std::string_view ticket, std::string_view order,
                                     std::chrono::seconds cool_down) const {
  std::string content = join(
      "<h1>Release ", name_of(machine), "?</h1>\n<div class=\"card\">\n<p>This machine has ",
      counted(machine.licenses, "license"), ". Its last restore was on ", day(machine.last_restore),
      ". Its id begins with ", short_id(machine), ".</p>\n",
      "<p>Releasing it makes room for another machine. The licenses on it stay there, but a restore on it counts as "
      "one on a new machine.</p>\n");
  if (cool_down > std::chrono::seconds(0))
    content += join("<p>After the release, these licenses cannot be released from another machine for ",
                    duration_text(cool_down), ".</p>\n");
  content += join("<form method=\"post\" action=\"", page_path, "\" class=\"choices\">\n", hidden("ticket", ticket),
                  hidden("machine", text_of(machine.id)), hidden("order", order), hidden("confirmed", "yes"),
                  "<button class=\"main\">Release this machine</button>\n<a href=\"", page_path,
                  "?ticket=", percent_encoded(ticket), "\">Cancel</a>\n</form>\n</div>\n");
  return document(description, "Release a machine?", content);
}

std::string page_maker::no_ticket(bool has_expired) const {
  return document(
      description, has_expired ? "This link has expired" : "Personal link required",
      join(has_expired
               ? "<h1>This link has expired</h1>\n<p>Links to your machines are valid for a short time only.</p>\n"
               : "<h1>Personal link required</h1>\n<p>Only a personal link shows your machines.</p>\n",
           "<h2>What to do</h2>\n<ol>\n<li>Start the restore again on the machine that was refused, with the "
           "passphrase of the backup.</li>\n<li>When it reports that the limit is reached, open the link that it "
           "shows.</li>\n</ol>\n"));
}

std::string page_maker::help(const error_info& error) const {
  return document(
      description, "Help",
      join("<h1>", escaped(error.text), "</h1>\n<h2>What to do</h2>\n<p>", escaped(error.advice), "</p>\n"));
}

std::string page_maker::message(std::string_view heading, std::string_view text) const {
  return document(description, heading, join("<h1>", escaped(heading), "</h1>\n<p>", escaped(text), "</p>\n"));
}

std::string page_security_policy() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(page_style.data()), page_style.size());
  // Base64 with padding: one "=" for 32 bytes.
  return join("default-src 'none'; style-src 'sha256-", crypto::base64_encode(std::as_bytes(std::span(digest))),
              "='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
}

}  // namespace reinstate::service
