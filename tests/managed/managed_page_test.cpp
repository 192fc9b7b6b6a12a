// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "crypto/hkdf.hpp"
#include "fixed_keys.hpp"
#include "managed/key_wrap.hpp"
#include "managed/proof_codec.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <string>

using namespace reinstate;
using namespace reinstate::test;

// The test vectors on docs/managed-licenses.md are read as they stand there, and made anew from their private keys.

namespace {

using vectors = std::map<std::string, bytes>;

bytes copy_of(byte_span from) {
  return {from.begin(), from.end()};
}

std::string hex_of(byte_span from) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : from) {
    out += digits[std::to_integer<unsigned>(b) >> 4];
    out += digits[std::to_integer<unsigned>(b) & 15];
  }
  return out;
}

bytes from_hex(const std::string& digits) {
  REQUIRE(digits.size() % 2 == 0);
  bytes out;
  for (std::size_t i = 0; i != digits.size(); i += 2)
    out.push_back(static_cast<std::byte>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return out;
}

vectors expected_vectors() {
  fixed_keys keys;
  const license_id id = keys.rights().id;
  const bytes statement = keys.statement();
  const managed::payload_sealer sealer = keys.sealer();
  crypto::secret_buffer sealed;
  sealer.seal(id, statement, keys.payload, sealed);
  const secret_bytes seal_secret = keys.seal_secret();
  const secret_bytes key = managed::license_key(seal_secret, id, sealer.certificate(), statement);
  const secret_bytes machine_secret = keys.asking.agree(keys.service_keys.agreement).value();
  const managed::request_id request = counting<16>(0x70);
  const secret_bytes owner_secret = crypto::x25519_agree(keys.recovery, keys.service_keys.agreement).value();
  owner_proof proof{
      owner_action::release, keys.owner(), keys.asking.id(), keys.origin.id(), keys.now, counting<16>(0x90), {}};
  proof.mac = managed::mac_of(proof, owner_secret);
  const auto signing_of = [](machine_identity& machine) { return copy_of(machine.public_identity()->signing); };

  return {
      {"issuer, private", copy_of(keys.issuer.expose())},
      {"issuer, public", copy_of(issuer_public_key(keys.issuer).value())},
      {"service agreement, private", copy_of(keys.service.expose())},
      {"service agreement, public", copy_of(keys.service_keys.agreement)},
      {"service signing, public", copy_of(keys.service_keys.signing)},
      {"origin signing, private", copy_of(counting<32>(0x40))},
      {"origin signing, public", signing_of(keys.origin)},
      {"asking signing, public", signing_of(keys.asking)},
      {"asking agreement, private", copy_of(counting<32>(0x60))},
      {"asking agreement, public", copy_of(keys.asking.public_identity()->agreement)},
      {"ephemeral, private", copy_of(keys.ephemeral.expose())},
      {"ephemeral, public", copy_of(crypto::x25519_public_key(keys.ephemeral))},
      {"recovery, private", copy_of(keys.recovery.expose())},
      {"recovery, public", copy_of(keys.owner())},
      {"payload", keys.payload},
      {"request", copy_of(request)},
      {"statement", statement},
      {"list", keys.list()},
      {"certificate", copy_of(sealer.certificate())},
      {"shared with ephemeral", copy_of(seal_secret.expose())},
      {"key of the license", copy_of(key.expose())},
      {"ciphertext and tag", copy_of(byte_span(sealed).subspan(managed::certificate_size))},
      {"shared with machine", copy_of(machine_secret.expose())},
      {"wrapped key", copy_of(managed::wrap_key(machine_secret, request, id, sealer.certificate(), statement, key))},
      {"shared with owner", copy_of(owner_secret.expose())},
      {"owner proof", copy_of(managed::encode(proof))}};
}

// Rows of tables with a name and digits, and blocks of digits, with comments behind a semicolon, whose heading names
// what is in them.
vectors vectors_on_page() {
  std::ifstream page(REINSTATE_SOURCE_FOLDER "/docs/managed-licenses.md");
  const std::regex row("\\| ([a-z ,]+) \\| `([0-9a-f]+)` \\|"), heading("`([a-z ]+)`, ([0-9]+) bytes:");
  vectors out;
  std::smatch found;
  for (std::string line; std::getline(page, line);) {
    if (std::regex_match(line, found, row)) out[found[1]] = from_hex(found[2]);
    if (!std::regex_match(line, found, heading)) continue;
    std::string digits, inside;
    while (std::getline(page, inside) && inside != "```") {
    }
    while (std::getline(page, inside) && inside != "```")
      for (const char c : inside.substr(0, inside.find(';')))
        if (c != ' ') digits += c;
    CHECK(digits.size() == 2 * std::stoul(found[2]));
    out[found[1]] = from_hex(digits);
  }
  return out;
}

}  // namespace

TEST_CASE("the test vectors on docs/managed-licenses.md are right and all there", "[managed][docs]") {
  const vectors on_page = vectors_on_page();
  for (const auto& [name, content] : expected_vectors()) {
    INFO(name);
    REQUIRE(on_page.contains(name));
    CHECK(hex_of(on_page.at(name)) == hex_of(content));
  }
  CHECK(on_page.size() == expected_vectors().size());
}

TEST_CASE("the text of a service's key is on docs/managed-licenses.md", "[managed][docs]") {
  std::ifstream page(REINSTATE_SOURCE_FOLDER "/docs/managed-licenses.md");
  const std::string all{std::istreambuf_iterator<char>(page), {}};
  CHECK(all.find("\n" + to_string(fixed_keys().service_keys) + "\n") != std::string::npos);
}

TEST_CASE("the test vectors on docs/managed-licenses.md are made anew", "[.][make-managed-vectors]") {
  for (const auto& [name, content] : expected_vectors())
    std::cout << "| " << name << " | `" << hex_of(content) << "` |\n";
  std::cout << to_string(fixed_keys().service_keys) << "\n";
}
