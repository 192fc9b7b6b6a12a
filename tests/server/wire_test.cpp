// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/wire.hpp"
#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace {

using namespace reinstate;
using namespace reinstate::service;
using nlohmann::json;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds noon{seconds(1'800'000'000)};
constexpr std::uint64_t largest = (std::uint64_t{1} << 53) - 1;

template <class Array>
Array filled(int with) {
  Array out;
  out.fill(static_cast<std::byte>(with));
  return out;
}

owner_proof proof_of(owner_action action) {
  owner_proof proof;
  proof.action = action;
  proof.recipient = filled<x25519_public_key>(1);
  proof.requester = filled<machine_id>(2);
  proof.target = filled<machine_id>(3);
  proof.created = noon;
  proof.id.fill(std::byte{4});
  proof.mac.fill(std::byte{5});
  return proof;
}

restore_body restore() {
  restore_body body;
  body.agreement = filled<x25519_public_key>(6);
  body.request.id.fill(std::byte{7});
  body.request.machine_name = "Küche \"<&";
  body.request.seals = {std::vector(201, std::byte{8}), std::vector(201, std::byte{9})};
  body.request.licenses.push_back({{std::byte{10}, std::byte{11}}, 1, {3, noon}});
  body.request.licenses.push_back({{std::byte{12}}, 0, {}});
  body.request.owner = proof_of(owner_action::restore);
  body.request.revocations.push_back({filled<ed25519_public_key>(13), largest});
  return body;
}

sealed_restore_answer answers() {
  sealed_restore_answer out;
  out.licenses.push_back({{filled<std::array<std::byte, 16>>(1)}, {}, {2, noon}, filled<std::array<std::byte, 48>>(2)});
  out.licenses.push_back({{filled<std::array<std::byte, 16>>(3)}, errc::machine_limit_reached, {}, {}});
  out.help_url = "https://service.example/machines?ticket=abc";
  out.revocations = {{std::byte{1}}, {std::byte{2}, std::byte{3}}};
  return out;
}

// What a document becomes when one thing in it is changed.
using change = std::function<void(json&)>;

std::string changed(const std::string& text, const change& make) {
  json document = json::parse(text);
  make(document);
  return document.dump();
}

std::string base64url(std::size_t size) {
  std::string out(size * 4 / 3, 'A');
  if (size % 3 != 0) out += 'A';
  return out;
}

}  // namespace

TEST_CASE("A restore comes out as it went in", "[server]") {
  const restore_body body = restore();
  const auto read = read_restore(write_restore(body)).value();
  const restore_request &in = body.request, &out = read.request;
  CHECK(read.agreement == body.agreement);
  CHECK(out.id == in.id);
  CHECK(out.machine_name == in.machine_name);
  CHECK(out.seals == in.seals);
  REQUIRE(out.licenses.size() == 2);
  for (std::size_t i = 0; i != 2; ++i) {
    CHECK(out.licenses[i].statement == in.licenses[i].statement);
    CHECK(out.licenses[i].seal == in.licenses[i].seal);
    CHECK(out.licenses[i].state == in.licenses[i].state);
  }
  CHECK(out.owner == in.owner);
  REQUIRE(out.revocations.size() == 1);
  CHECK(out.revocations[0].issuer == in.revocations[0].issuer);
  CHECK(out.revocations[0].version == in.revocations[0].version);
}

TEST_CASE("A restore may be as large as its limits and no larger", "[server]") {
  restore_body body = restore();
  body.request.licenses.assign(restore_request::max_licenses, {std::vector(600, std::byte{1}), 0, {}});
  body.request.seals.assign(restore_request::max_seals, std::vector(201, std::byte{8}));
  const std::string largest_one = write_restore(body);
  CHECK(largest_one.size() < 2 * 1024 * 1024);
  CHECK(read_restore(largest_one).value().request.licenses.size() == restore_request::max_licenses);

  SECTION("a license more") {
    body.request.licenses.push_back(body.request.licenses.front());
  }
  SECTION("a seal more") {
    body.request.seals.push_back(body.request.seals.front());
  }
  CHECK(read_restore(write_restore(body)).error() == errc::request_malformed);
}

TEST_CASE("A restore with one defect is malformed", "[server]") {
  const auto [what, make] = GENERATE(table<const char*, change>({
      {"no id", [](json& at) { at.erase("id"); }},
      {"an id of 15 bytes", [](json& at) { at["id"] = base64url(15); }},
      {"an id of 17 bytes", [](json& at) { at["id"] = base64url(17); }},
      {"an id with padding", [](json& at) { at["id"] = base64url(16) + "=="; }},
      {"an id in the other alphabet", [](json& at) { at["id"] = "+/" + base64url(16).substr(2); }},
      {"an id whose last bits are not zero", [](json& at) { at["id"] = base64url(16).substr(1) + "B"; }},
      {"an id that is a number", [](json& at) { at["id"] = 7; }},
      {"no agreement key", [](json& at) { at.erase("agreement"); }},
      {"a short agreement key", [](json& at) { at["agreement"] = base64url(31); }},
      {"a name that is too long", [](json& at) { at["machine_name"] = std::string(101, 'x'); }},
      {"a name that is null", [](json& at) { at["machine_name"] = nullptr; }},
      {"no seals", [](json& at) { at.erase("seals"); }},
      {"seals that are an object", [](json& at) { at["seals"] = json::object(); }},
      {"a seal of another size", [](json& at) { at["seals"][0] = base64url(200); }},
      {"a seal that is null", [](json& at) { at["seals"][0] = nullptr; }},
      {"no licenses", [](json& at) { at.erase("licenses"); }},
      {"a license that is a text", [](json& at) { at["licenses"][0] = "license"; }},
      {"a license without a statement", [](json& at) { at["licenses"][0].erase("statement"); }},
      {"an empty statement", [](json& at) { at["licenses"][0]["statement"] = ""; }},
      {"a statement that is too long", [](json& at) { at["licenses"][0]["statement"] = base64url(2'049); }},
      {"no seal", [](json& at) { at["licenses"][0].erase("seal"); }},
      {"a seal that is not there", [](json& at) { at["licenses"][0]["seal"] = 2; }},
      {"a seal below zero", [](json& at) { at["licenses"][0]["seal"] = -1; }},
      {"a seal in a text", [](json& at) { at["licenses"][0]["seal"] = "0"; }},
      {"half a seal", [](json& at) { at["licenses"][0]["seal"] = 0.5; }},
      {"a float that is whole", [](json& at) { at["licenses"][0]["uses_left"] = 3.0; }},
      {"a number of 2 to the 53", [](json& at) { at["licenses"][0]["uses_left"] = largest + 1; }},
      {"fewer than no uses", [](json& at) { at["licenses"][0]["uses_left"] = -3; }},
      {"a first use before 1970", [](json& at) { at["licenses"][0]["first_use"] = -1; }},
      {"a first use that is true", [](json& at) { at["licenses"][0]["first_use"] = true; }},
      {"a proof of another size", [](json& at) { at["owner"] = base64url(153); }},
      {"a proof of another version", [](json& at) { at["owner"] = base64url(154); }},
      {"a list of revocations that is none", [](json& at) { at["revocations"] = 1; }},
      {"a revocation list without a version", [](json& at) { at["revocations"][0].erase("version"); }},
      {"an issuer of 31 bytes", [](json& at) { at["revocations"][0]["issuer"] = base64url(31); }},
      {"too many revocation lists", [](json& at) { at["revocations"] = json::array_t(1'001, at["revocations"][0]); }},
      {"a list instead of an object", [](json& at) { at = json::array({at}); }},
      {"nothing but null", [](json& at) { at = nullptr; }},
  }));
  CAPTURE(what);
  CHECK(read_restore(changed(write_restore(restore()), make)).error() == errc::request_malformed);
}

TEST_CASE("A proof for something else does not come with a restore", "[server]") {
  restore_body body = restore();
  body.request.owner = proof_of(owner_action::release);
  CHECK(read_restore(write_restore(body)).error() == errc::request_malformed);
}

TEST_CASE("Text that is not one JSON object is malformed", "[server]") {
  const std::string good = write_restore(restore());
  const std::string id = json::parse(good)["id"].dump();
  std::string text = good;
  SECTION("nothing") {
    text.clear();
  }
  SECTION("a space") {
    text = " ";
  }
  SECTION("cut off") {
    text.pop_back();
  }
  SECTION("something after it") {
    text += "{}";
  }
  SECTION("a zero byte after it") {
    text.push_back('\0');
  }
  SECTION("a member twice") {
    text.insert(1, "\"id\":" + id + ",");
  }
  SECTION("a member twice that nobody reads") {
    text.insert(1, "\"a\":1,\"a\":1,");
  }
  SECTION("not UTF-8") {
    text.insert(1, "\"a\":\"\xff\",");
  }
  SECTION("half a surrogate") {
    text.insert(1, "\"a\":\"\\ud800\",");
  }
  SECTION("a number out of range") {
    text.insert(1, "\"a\":1e999,");
  }
  SECTION("a comment") {
    text.insert(1, "/* */");
  }
  SECTION("nine levels") {
    text.insert(1, "\"a\":[[[[[[[[0]]]]]]]],");
  }
  SECTION("a million levels") {
    text.assign(1'000'000, '[');
  }
  CHECK(read_restore(text).error() == errc::request_malformed);
}

TEST_CASE("What a reader does not know is passed over", "[server]") {
  const auto add = [](json& at) {
    at["new"] = json::parse(R"({"a":[[[[[[0.5,null,true,-1]]]]]]})");
    at["licenses"][0]["new"] = "x";
  };
  CHECK(read_restore(changed(write_restore(restore()), add)).has_value());
  CHECK(read_restore_answer(changed(write_restore_answer(answers()), add)).has_value());
}

TEST_CASE("An answer to a restore comes out as it went in", "[server]") {
  const auto in = answers(), out = read_restore_answer(write_restore_answer(in)).value();
  REQUIRE(out.licenses.size() == 2);
  for (std::size_t i = 0; i != 2; ++i) {
    CHECK(out.licenses[i].id == in.licenses[i].id);
    CHECK(out.licenses[i].refused == in.licenses[i].refused);
    CHECK(out.licenses[i].state == in.licenses[i].state);
    CHECK(out.licenses[i].key == in.licenses[i].key);
  }
  CHECK(out.help_url == in.help_url);
  CHECK(out.revocations == in.revocations);
}

TEST_CASE("Every reason to refuse a license has a name of its own", "[server]") {
  for (const errc reason :
       {errc::machine_limit_reached, errc::daily_limit_reached, errc::license_revoked, errc::backup_right_absent,
        errc::license_expired, errc::issuer_unknown, errc::license_not_authentic}) {
    auto in = answers();
    in.licenses[1].refused = reason;
    CHECK(read_restore_answer(write_restore_answer(in)).value().licenses[1].refused == reason);
  }
}

TEST_CASE("A reason that is not known refuses one license and not the restore", "[server]") {
  const auto text = changed(write_restore_answer(answers()), [](json& at) { at["licenses"][1]["refused"] = "moon"; });
  CHECK(read_restore_answer(text).value().licenses[1].refused == errc::service_answer_invalid);
}

TEST_CASE("An answer to a restore with one defect is invalid", "[server]") {
  const auto [what, make] = GENERATE(table<const char*, change>({
      {"no licenses", [](json& at) { at.erase("licenses"); }},
      {"a license that is a list", [](json& at) { at["licenses"][0] = json::array(); }},
      {"too many licenses", [](json& at) { at["licenses"] = json::array_t(1'001, at["licenses"][0]); }},
      {"no id", [](json& at) { at["licenses"][0].erase("id"); }},
      {"neither a key nor a refusal", [](json& at) { at["licenses"][0].erase("key"); }},
      {"a key and a refusal", [](json& at) { at["licenses"][0]["refused"] = "license-revoked"; }},
      {"a key of 47 bytes", [](json& at) { at["licenses"][0]["key"] = base64url(47); }},
      {"a refusal that is a number", [](json& at) { at["licenses"][1]["refused"] = 3; }},
      {"a page that is a program", [](json& at) { at["page"] = "javascript:alert(1)"; }},
      {"a page that is a file", [](json& at) { at["page"] = "file:///etc/passwd"; }},
      {"a page with a line end", [](json& at) { at["page"] = "https://a/\nb"; }},
      {"a page with an escape", [](json& at) { at["page"] = "https://a/\x1b[2J"; }},
      {"a page that is too long", [](json& at) { at["page"] = "https://" + std::string(2'041, 'a'); }},
      {"an empty revocation list", [](json& at) { at["revocations"][0] = ""; }},
  }));
  CAPTURE(what);
  CHECK(read_restore_answer(changed(write_restore_answer(answers()), make)).error() == errc::service_answer_invalid);
}

TEST_CASE("Reports come out as they went in", "[server]") {
  const std::vector<use_report> in{{{std::byte{1}}, {std::uint64_t{0}, noon}}, {{std::byte{2}}, {}}};
  const auto out = read_reports(write_reports(in)).value();
  REQUIRE(out.size() == 2);
  for (std::size_t i = 0; i != 2; ++i) {
    CHECK(out[i].statement == in[i].statement);
    CHECK(out[i].state == in[i].state);
  }
  CHECK(read_reports(write_reports(std::vector(1'001, in[1]))).error() == errc::request_malformed);
  CHECK(read_reports(R"({"uses":[{"statement":"AA","uses_left":"1"}]})").error() == errc::request_malformed);
  CHECK(read_reports("{}").error() == errc::request_malformed);
}

TEST_CASE("What cannot be said in JSON is said as near as it can be", "[server]") {
  const std::vector<use_report> in{{{std::byte{1}}, {~std::uint64_t{0}, sys_seconds(seconds(-5))}}};
  const auto state = read_reports(write_reports(in)).value()[0].state;
  CHECK(state.uses_left == largest);
  CHECK(state.first_use == sys_seconds());
  restore_body body = restore();
  body.request.machine_name = "a\xff";
  CHECK(read_restore(write_restore(body)).value().request.machine_name == "a\xef\xbf\xbd");
}

TEST_CASE("Proofs and machines and receipts come out as they went in", "[server]") {
  for (const auto action : {owner_action::list_machines, owner_action::release}) {
    const owner_proof proof = proof_of(action);
    CHECK(read_owner_proof(write_owner_proof(proof)).value() == proof);
  }
  const machine_list list{{{filled<machine_id>(1), "a\"b", noon, noon + seconds(1), 7, noon + seconds(2)},
                           {filled<machine_id>(2), "", noon, noon, 1, {}}},
                          4};
  const auto out = read_machine_list(write_machine_list(list)).value();
  CHECK(out.machines == list.machines);
  CHECK(out.limit == 4);
  const auto receipt = read_receipt(write_receipt({5, noon})).value();
  CHECK(receipt.licenses == 5);
  CHECK(receipt.next_release == noon);
}

TEST_CASE("Proofs and machines and receipts with one defect are refused", "[server]") {
  CHECK(read_owner_proof("{}").error() == errc::request_malformed);
  CHECK(read_owner_proof(R"({"proof":""})").error() == errc::request_malformed);
  CHECK(read_owner_proof(R"({"proof":")" + base64url(154) + "\"}").error() == errc::request_malformed);
  const std::string list = write_machine_list({{{filled<machine_id>(1), "a", noon, noon, 7, {}}}, 4});
  const auto [what, make] = GENERATE(table<const char*, change>({
      {"no machines", [](json& at) { at.erase("machines"); }},
      {"no limit", [](json& at) { at.erase("limit"); }},
      {"a limit that is too high", [](json& at) { at["limit"] = std::uint64_t{1} << 32; }},
      {"a machine without a name", [](json& at) { at["machines"][0].erase("name"); }},
      {"a name that is too long", [](json& at) { at["machines"][0]["name"] = std::string(101, 'x'); }},
      {"an id that is too short", [](json& at) { at["machines"][0]["id"] = base64url(31); }},
      {"a release that is a text", [](json& at) { at["machines"][0]["releasable_from"] = "now"; }},
  }));
  CAPTURE(what);
  CHECK(read_machine_list(changed(list, make)).error() == errc::service_answer_invalid);
  CHECK(read_receipt("{\"licenses\":1}").error() == errc::service_answer_invalid);
}

TEST_CASE("A problem comes out as it went in", "[server]") {
  const auto out = read_problem(write_problem({429, errc::service_busy, "Too often.", seconds(7), noon})).value();
  CHECK(out.status == 429);
  CHECK(out.error == errc::service_busy);
  CHECK(out.detail == "Too often.");
  CHECK(out.retry_after == seconds(7));
  CHECK(out.now == noon);
  const auto bare = read_problem(write_problem({401, errc::service_clock_differs, "", {}, {}})).value();
  CHECK(bare.error == errc::service_clock_differs);
  CHECK_FALSE(bare.retry_after);
  CHECK_FALSE(bare.now);
}

TEST_CASE("Problems keep their names", "[server]") {
  CHECK(name_of_problem(errc::service_clock_differs) == "clock-differs");
  CHECK(name_of_problem(errc::service_busy) == "too-many-requests");
  CHECK(name_of_problem(errc::request_malformed) == "request-malformed");
  CHECK(name_of_problem(errc::request_not_authentic) == "request-not-authentic");
  CHECK(name_of_problem(errc::request_too_large) == "request-too-large");
  CHECK(name_of_problem(errc::invalid_argument) == "request-invalid");
  CHECK(name_of_problem(errc::ownership_not_proven) == "ownership-not-proven");
  CHECK(name_of_problem(errc::machine_not_found) == "machine-not-found");
  CHECK(name_of_problem(errc::release_too_soon) == "release-too-soon");
  CHECK(name_of_problem(errc::ledger_full) == "unavailable");
  CHECK(name_of_problem(make_error_code(boost::system::errc::io_error)) == "unavailable");
  const auto document = json::parse(write_problem({503, errc::ledger_damaged, "", {}, {}}));
  CHECK(document["type"] == "/problems/unavailable");
  CHECK(document["title"] == "The License Management Service cannot be reached.");
}

TEST_CASE("A problem that is not known here is told by its status", "[server]") {
  const auto read = [](unsigned status) {
    return read_problem(R"({"type":"/problems/new","status":)" + std::to_string(status) + "}");
  };
  CHECK(read(429).value().error == errc::service_busy);
  CHECK(read(503).value().error == errc::service_unavailable);
  CHECK(read(418).value().error == errc::service_answer_invalid);
  CHECK(read(200).error() == errc::service_answer_invalid);
  CHECK(read_problem(R"({"type":"about:blank","status":500})").error() == errc::service_answer_invalid);
  CHECK(read_problem(R"({"status":500})").error() == errc::service_answer_invalid);
}
