// SPDX-License-Identifier: BSL-1.0
#include "managed/managed_seal.hpp"
#include "managed/proof_codec.hpp"
#include "service/protocol/json_document.hpp"
#include "service/protocol/problem_names.hpp"
#include "service/protocol/wire.hpp"

namespace reinstate::service {
namespace {

constexpr std::size_t max_statement = 2'048;  // twice the longest that an issuer can sign
constexpr std::size_t max_name = 100;
constexpr std::size_t max_url = 2'048;
constexpr std::size_t max_revocations = 1'000;
constexpr std::size_t max_revocation_list = 4 * 1024 * 1024;

void write_state(json& object, const license_state& state) {
  if (state.uses_left) object["uses_left"] = as_json(*state.uses_left);
  if (state.first_use) object["first_use"] = as_json(*state.first_use);
}

license_state read_state(const json_reader& members) {
  license_state state;
  if (members.has("uses_left")) state.uses_left = members.number("uses_left");
  if (members.has("first_use")) state.first_use = members.instant("first_use");
  return state;
}

json write_claim(const license_claim& claim) {
  json out{{"statement", as_json(std::span(claim.statement))}, {"seal", claim.seal}};
  write_state(out, claim.state);
  return out;
}

license_claim read_claim(const json_reader& members, std::size_t seals) {
  license_claim claim;
  claim.statement = members.bytes_up_to("statement", max_statement);
  claim.seal = members.number("seal");
  if (claim.seal >= seals) members.fail();
  claim.state = read_state(members);
  return claim;
}

owner_proof read_owner(const json_reader& members) {
  const auto proof = managed::read_owner_proof(members.bytes("owner", managed::owner_proof_size));
  if (!proof || proof->action != owner_action::restore) members.fail();
  return proof ? *proof : owner_proof();
}

restore_request read_request(const json_reader& members) {
  restore_request out;
  out.id = members.array<decltype(out.id)>("id");
  if (members.has("machine_name")) out.machine_name = members.text("machine_name", max_name);
  out.seals = members.byte_lists("seals", restore_request::max_seals, managed::certificate_size);
  for (const auto& seal : out.seals)
    if (seal.size() != managed::certificate_size) members.fail();
  members.each("licenses", restore_request::max_licenses,
               [&](const json_reader& claim) { out.licenses.push_back(read_claim(claim, out.seals.size())); });
  if (members.has("owner")) out.owner = read_owner(members);
  if (members.has("revocations"))
    members.each("revocations", max_revocations, [&](const json_reader& known) {
      out.revocations.push_back({known.array<ed25519_public_key>("issuer"), known.number("version")});
    });
  return out;
}

json write_answer(const sealed_answer& answer) {
  json out{{"id", as_json(answer.id.bytes)}};
  if (answer.refused.failed())
    out["refused"] = name_of_problem(answer.refused);
  else
    out["key"] = as_json(answer.key);
  write_state(out, answer.state);
  return out;
}

sealed_answer read_answer(const json_reader& members) {
  sealed_answer out{};
  out.id.bytes = members.array<decltype(out.id.bytes)>("id");
  out.state = read_state(members);
  if (members.has("refused") == members.has("key")) members.fail();
  // An unknown reason refuses this license, not the whole restore.
  if (members.has("refused"))
    out.refused = problem_of_name(members.text("refused", max_name)).value_or(errc::service_answer_invalid);
  else
    out.key = members.array<decltype(out.key)>("key");
  return out;
}

// Returns true if the URL may be shown to users and opened: no other scheme, and no character that a terminal or a
// shell would act on.
bool is_safe_url(std::string_view url) noexcept {
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\'' && c != '<' && c != '>'; };
  return url.empty() ||
         ((url.starts_with("https://") || url.starts_with("http://")) && std::ranges::all_of(url, is_visible));
}

}  // namespace

std::string write_restore(const restore_body& body) {
  const restore_request& request = body.request;
  json licenses = json::array(), known = json::array();
  for (const license_claim& claim : request.licenses) licenses.push_back(write_claim(claim));
  for (const known_revocations& list : request.revocations)
    known.push_back({{"issuer", as_json(list.issuer)}, {"version", as_json(list.version)}});
  json out{{"id", as_json(request.id)},
           {"agreement", as_json(body.agreement)},
           {"seals", as_json(request.seals)},
           {"licenses", std::move(licenses)},
           {"revocations", std::move(known)}};
  if (!request.machine_name.empty()) out["machine_name"] = request.machine_name;
  if (request.owner) out["owner"] = as_json(managed::encode(*request.owner));
  return dump(out);
}

result<restore_body> read_restore(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::request_malformed;
  bool bad = false;
  const json_reader members(*document, bad);
  restore_body out{members.array<x25519_public_key>("agreement"), read_request(members)};
  if (bad) return errc::request_malformed;
  return out;
}

std::string write_restore_answer(const sealed_restore_answer& answer) {
  json licenses = json::array();
  for (const sealed_answer& license : answer.licenses) licenses.push_back(write_answer(license));
  json out{{"licenses", std::move(licenses)}, {"revocations", as_json(answer.revocations)}};
  if (!answer.help_url.empty()) out["page"] = answer.help_url;
  return dump(out);
}

result<sealed_restore_answer> read_restore_answer(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader members(*document, bad);
  sealed_restore_answer out;
  members.each("licenses", restore_request::max_licenses,
               [&](const json_reader& license) { out.licenses.push_back(read_answer(license)); });
  if (members.has("page")) out.help_url = members.text("page", max_url);
  if (members.has("revocations"))
    out.revocations = members.byte_lists("revocations", max_revocations, max_revocation_list);
  if (bad || !is_safe_url(out.help_url)) return errc::service_answer_invalid;
  return out;
}

std::string write_reports(const std::vector<use_report>& uses) {
  json list = json::array();
  for (const use_report& use : uses) {
    json item{{"statement", as_json(std::span(use.statement))}};
    write_state(item, use.state);
    list.push_back(std::move(item));
  }
  return dump({{"uses", std::move(list)}});
}

result<std::vector<use_report>> read_reports(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::request_malformed;
  bool bad = false;
  std::vector<use_report> out;
  json_reader(*document, bad).each("uses", restore_request::max_licenses, [&](const json_reader& use) {
    out.push_back({use.bytes_up_to("statement", max_statement), read_state(use)});
  });
  if (bad) return errc::request_malformed;
  return out;
}

}  // namespace reinstate::service
