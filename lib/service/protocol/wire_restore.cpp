// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/json_document.hpp"
#include "managed/managed_seal.hpp"
#include "service/protocol/problem_names.hpp"
#include "managed/proof_codec.hpp"
#include "service/protocol/wire.hpp"

namespace reinstate::service {
namespace {

constexpr std::size_t max_statement = 2'048;  // the longest that an issuer can sign has half of that
constexpr std::size_t max_name = 100;
constexpr std::size_t max_url = 2'048;
constexpr std::size_t max_revocations = 1'000;
constexpr std::size_t max_revocation_list = 4 * 1024 * 1024;

void write_state(json& into, const license_state& state) {
  if (state.uses_left) into["uses_left"] = as_json(*state.uses_left);
  if (state.first_use) into["first_use"] = as_json(*state.first_use);
}

license_state read_state(const json_reader& at) {
  license_state state;
  if (at.has("uses_left")) state.uses_left = at.number("uses_left");
  if (at.has("first_use")) state.first_use = at.instant("first_use");
  return state;
}

json write_claim(const license_claim& claim) {
  json out{{"statement", as_json(std::span(claim.statement))}, {"seal", claim.seal}};
  write_state(out, claim.state);
  return out;
}

license_claim read_claim(const json_reader& at, std::size_t seals) {
  license_claim claim;
  claim.statement = at.bytes_up_to("statement", max_statement);
  claim.seal = at.number("seal");
  if (claim.seal >= seals) at.fail();
  claim.state = read_state(at);
  return claim;
}

owner_proof read_owner(const json_reader& at) {
  const auto proof = managed::read_owner_proof(at.bytes("owner", managed::owner_proof_size));
  if (!proof || proof->action != owner_action::restore) at.fail();
  return proof ? *proof : owner_proof();
}

restore_request read_request(const json_reader& at) {
  restore_request out;
  out.id = at.array<decltype(out.id)>("id");
  if (at.has("machine_name")) out.machine_name = at.text("machine_name", max_name);
  out.seals = at.byte_lists("seals", restore_request::max_seals, managed::certificate_size);
  for (const auto& seal : out.seals)
    if (seal.size() != managed::certificate_size) at.fail();
  at.each("licenses", restore_request::max_licenses,
          [&](const json_reader& claim) { out.licenses.push_back(read_claim(claim, out.seals.size())); });
  if (at.has("owner")) out.owner = read_owner(at);
  if (at.has("revocations"))
    at.each("revocations", max_revocations, [&](const json_reader& known) {
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

sealed_answer read_answer(const json_reader& at) {
  sealed_answer out{};
  out.id.bytes = at.array<decltype(out.id.bytes)>("id");
  out.state = read_state(at);
  if (at.has("refused") == at.has("key")) at.fail();
  // A reason that is not known here refuses this license, not the whole restore.
  if (at.has("refused"))
    out.refused = problem_of_name(at.text("refused", max_name)).value_or(errc::service_answer_invalid);
  else
    out.key = at.array<decltype(out.key)>("key");
  return out;
}

// It is shown to people, and opened for them: no other scheme, and nothing a terminal or a shell would act on.
bool is_page(std::string_view url) noexcept {
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
  const json_reader at(*document, bad);
  restore_body out{at.array<x25519_public_key>("agreement"), read_request(at)};
  if (bad) return errc::request_malformed;
  return out;
}

std::string write_restore_answer(const sealed_restore_answer& answer) {
  json licenses = json::array();
  for (const sealed_answer& license : answer.licenses) licenses.push_back(write_answer(license));
  json out{{"licenses", std::move(licenses)}, {"revocations", as_json(answer.revocations)}};
  if (!answer.page.empty()) out["page"] = answer.page;
  return dump(out);
}

result<sealed_restore_answer> read_restore_answer(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader at(*document, bad);
  sealed_restore_answer out;
  at.each("licenses", restore_request::max_licenses,
          [&](const json_reader& license) { out.licenses.push_back(read_answer(license)); });
  if (at.has("page")) out.page = at.text("page", max_url);
  if (at.has("revocations")) out.revocations = at.byte_lists("revocations", max_revocations, max_revocation_list);
  if (bad || !is_page(out.page)) return errc::service_answer_invalid;
  return out;
}

std::string write_reports(const std::vector<use_report>& uses) {
  json list = json::array();
  for (const use_report& use : uses) {
    json one{{"statement", as_json(std::span(use.statement))}};
    write_state(one, use.state);
    list.push_back(std::move(one));
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
