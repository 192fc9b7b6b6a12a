// SPDX-License-Identifier: BSL-1.0
#include "crypto/base64.hpp"
#include "crypto/random.hpp"
#include "service/protocol/problem_names.hpp"
#include "service/server/form.hpp"
#include "service/server/router.hpp"

#include <algorithm>
#include <array>
#include <utility>

// The page for users. A ticket permits its holder to see the machines of one owner and to release one of them; it is in
// the link that a restore showed, and from there in the forms.

namespace reinstate::service {
namespace {

using order_id = std::array<std::byte, 16>;

std::optional<order_id> order_of(std::string_view text) {
  order_id out{};
  const auto bytes = crypto::base64_decode(text, crypto::base64_alphabet::url);
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

bool is_form(std::string_view type) noexcept {
  return type.substr(0, type.find(';')) == "application/x-www-form-urlencoded";
}

page_notice notice_of_error(const error_code& error) noexcept {
  if (error == errc::release_too_soon) return page_notice::too_soon;
  return error == errc::machine_not_found ? page_notice::not_found : page_notice::failed;
}

}  // namespace

server_response router::page(unsigned status, std::string body) const {
  server_response out{status, std::move(body), {}, {}, {}};
  out.fields = {{"Content-Type", "text/html; charset=utf-8"},
                {"Cache-Control", "no-store"},
                {"Content-Security-Policy", policy_},
                {"Referrer-Policy", "no-referrer"},
                {"X-Content-Type-Options", "nosniff"},
                {"X-Frame-Options", "DENY"},
                {"Cross-Origin-Opener-Policy", "same-origin"},
                {"Cross-Origin-Embedder-Policy", "require-corp"},
                {"Cross-Origin-Resource-Policy", "same-origin"},
                {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"}};
  return out;
}

server_response router::error_page(const error_code& error) {
  note_failure(error);
  if (error == errc::ownership_not_proven) return page(403, pages_.no_ticket(true));
  if (error == errc::request_malformed)
    return page(400, pages_.message("This link is incomplete", "Open the whole link that the restore showed."));
  return page(503, pages_.message("The service is unavailable", "Nothing was changed. Try again in a few minutes."));
}

server_response router::index() const {
  return page(200, pages_.index());
}

server_response router::help(const server_request& request) const {
  const auto problem = problem_of_name(request.path().substr(problems_path.size()));
  if (!problem) return page(404, pages_.message("Unknown problem", "This service has no problem of this name."));
  return page(200, pages_.help(info_of(*problem)));
}

server_response router::show_machines(const server_request& request) {
  const auto query = parse_form(request.query());
  if (!query) return error_page(query.error());
  const std::string_view ticket = field_of(*query, "ticket");
  if (ticket.empty()) return page(403, pages_.no_ticket(false));
  const auto owner = parts_.desk->read_ticket(ticket);
  if (!owner) return error_page(owner.error());
  const auto list = parts_.desk->machines_of(*owner);
  if (!list) return error_page(list.error());
  return page(200, pages_.machines(*list, ticket, notice_of(field_of(*query, "done"))));
}

server_response router::change_machines(const server_request& request) {
  if (!is_form(request.content_type)) return error_page(errc::request_malformed);
  const auto form = parse_form(request.body);
  if (!form) return error_page(form.error());
  const std::string_view ticket = field_of(*form, "ticket");
  if (ticket.empty()) return page(403, pages_.no_ticket(false));
  const auto owner = parts_.desk->read_ticket(ticket);
  if (!owner) return error_page(owner.error());
  const auto machine = machine_of(field_of(*form, "machine"));
  if (!machine) return error_page(errc::request_malformed);
  return field_of(*form, "confirmed") == "yes" ? release(*form, *owner, *machine)
                                               : ask_to_confirm(*form, *owner, *machine);
}

server_response router::ask_to_confirm(const form_fields& form, const x25519_public_key& owner,
                                       const machine_id& machine) {
  const auto list = parts_.desk->machines_of(owner);
  if (!list) return error_page(list.error());
  const std::string_view ticket = field_of(form, "ticket");
  const auto found = std::ranges::find(list->machines, machine, &managed_machine::id);
  if (found == list->machines.end()) return page(200, pages_.machines(*list, ticket, page_notice::not_found));
  if (found->releasable_from) return page(200, pages_.machines(*list, ticket, page_notice::too_soon));
  // The order is in the form, so that a form sent twice, by a double click or a reload, is carried out once.
  const std::string order = crypto::base64_encode(crypto::random_array<16>(), crypto::base64_alphabet::url);
  return page(200, pages_.confirmation(*found, ticket, order, parts_.desk->policy().release_cool_down));
}

server_response router::release(const form_fields& form, const x25519_public_key& owner, const machine_id& machine) {
  const auto order = order_of(field_of(form, "order"));
  if (!order) return error_page(errc::request_malformed);
  const auto receipt = parts_.desk->release_for(owner, machine, *order);
  if (!receipt) note_failure(receipt.error());
  const page_notice notice = receipt ? page_notice::released : notice_of_error(receipt.error());
  server_response out = page(303, {});
  out.fields.emplace_back("Location", std::string(page_path)
                                          .append("?ticket=")
                                          .append(percent_encoded(field_of(form, "ticket")))
                                          .append("&done=")
                                          .append(name_of(notice)));
  return out;
}

}  // namespace reinstate::service
