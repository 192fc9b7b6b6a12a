// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_KEYGEN_FILES_HPP
#define REINSTATE_TESTS_KEYGEN_FILES_HPP

// Keygen files for tests, signed and encrypted with libsodium's own functions; tests/tool/keygen.sh has some that
// another implementation made.
#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "crypto/ed25519.hpp"

#include <reinstate/import/keygen.hpp>

#include <sodium.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reinstate::tests::keygen_files {

using crypto::bytes_of;

inline constexpr std::string_view license_key = "0F3A-77B1-92CE-KEY";
inline constexpr std::string_view fingerprint = "5e:ed:00:00:00:01";
inline constexpr std::string_view plain = "base64+ed25519";
inline constexpr std::string_view encrypted = "aes-256-gcm+ed25519";

inline std::string base64(crypto::byte_span from) {
  std::string out(sodium_base64_encoded_len(from.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), crypto::raw(from), from.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

// Replaces the one place where `from` stands.
inline std::string with(std::string_view text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return std::string(text).replace(at, from.size(), to);
}

inline secret_bytes seed(unsigned number) {
  return secret_bytes::copy_of(repeated(number, crypto::ed25519_seed_size));
}

// What Keygen would write about a license, in a shorter form.
inline constexpr std::string_view license_resource = R"({
  "id": "9c1b5d4e-0000-4000-8000-000000000001",
  "type": "licenses",
  "attributes": {
    "name": "Film editor",
    "key": "0F3A-77B1-92CE-KEY",
    "expiry": "2031-01-01T00:00:00.000Z",
    "uses": 3,
    "suspended": false,
    "maxUses": 10,
    "metadata": { "seats": [1, -2, 2.50, true, null, {}, [], "say \"no\" \\ \n\u00e9"] },
    "created": "2024-05-06T07:08:09.000Z"
  },
  "relationships": {
    "account": { "links": { "related": "/v1/accounts/1" }, "data": { "type": "accounts", "id": "account-1" } },
    "group": { "data": null }
  }
})";

inline constexpr std::string_view times =
    R"({ "issued": "2025-01-02T03:04:05.678Z", "expiry": "2025-02-02T03:04:05.678Z", "ttl": 2678400 })";

inline std::string license_document() {
  return std::string(R"({"data":)").append(license_resource).append(R"(,"meta":)").append(times) + "}";
}

inline constexpr std::string_view machine_resource = R"({
  "id": "machine-1",
  "type": "machines",
  "attributes": { "fingerprint": "5e:ed:00:00:00:01", "name": "Desk", "created": "2024-06-01T00:00:00Z" },
  "relationships": {
    "account": { "data": { "type": "accounts", "id": "account-1" } },
    "license": { "data": { "type": "licenses", "id": "9c1b5d4e-0000-4000-8000-000000000001" } }
  }
})";

inline std::string machine_document(std::string_view included = license_resource) {
  return std::string(R"({"included":[{"id":"e","type":"entitlements","attributes":{"name":"4K"}},)")
             .append(included)
             .append(R"(],"data":)")
             .append(machine_resource)
             .append(R"(,"meta":)")
             .append(times) +
         "}";
}

inline std::string sealed(std::string_view text, const std::string& secret) {
  crypto::sodium_ready();
  bytes key(32), ciphertext(text.size()), tag(16);
  const bytes nonce = counting(1, 12);
  crypto_hash_sha256(crypto::raw(crypto::writable_bytes(key)), crypto::raw(bytes_of(secret)), secret.size());
  if (crypto_aead_aes256gcm_is_available() == 1)
    crypto_aead_aes256gcm_encrypt_detached(crypto::raw(crypto::writable_bytes(ciphertext)),
                                           crypto::raw(crypto::writable_bytes(tag)), nullptr,
                                           crypto::raw(bytes_of(text)), text.size(), nullptr, 0, nullptr,
                                           crypto::raw(crypto::byte_span(nonce)), crypto::raw(crypto::byte_span(key)));
  return base64(ciphertext) + '.' + base64(nonce) + '.' + base64(tag);
}

// "LICENSE" or "MACHINE", in lines of 60 characters.
inline std::string framed(std::string_view kind, std::string_view certificate) {
  const std::string body = base64(bytes_of(certificate));
  std::string out = std::string("-----BEGIN ").append(kind).append(" FILE-----\n");
  for (std::size_t at = 0; at < body.size(); at += 60) out.append(body, at, 60) += '\n';
  return out.append("-----END ").append(kind).append(" FILE-----\n");
}

inline std::string certificate(std::string_view enc, std::string_view sig, std::string_view alg) {
  return std::string(R"({"enc":")").append(enc).append(R"(","sig":")").append(sig).append(R"(","alg":")").append(alg) +
         "\"}";
}

inline std::string signature(std::string_view prefix, std::string_view enc, unsigned account = 1) {
  return base64(crypto::ed25519_sign(seed(account), bytes_of(std::string(prefix).append(enc))));
}

inline std::string signed_license(std::string_view enc, std::string_view alg, unsigned account = 1) {
  return framed("LICENSE", certificate(enc, signature("license/", enc, account), alg));
}

inline std::string signed_machine(std::string_view enc, std::string_view alg) {
  return framed("MACHINE", certificate(enc, signature("machine/", enc), alg));
}

inline std::string license_file(std::string_view document) {
  return signed_license(base64(bytes_of(document)), plain);
}

inline std::string machine_file(std::string_view document) {
  return signed_machine(base64(bytes_of(document)), plain);
}

inline std::string encrypted_license() {
  return signed_license(sealed(license_document(), std::string(license_key)), encrypted);
}

inline std::string encrypted_machine() {
  return signed_machine(sealed(machine_document(), std::string(license_key).append(fingerprint)), encrypted);
}

inline keygen_import_options options(unsigned account = 1) {
  keygen_import_options out;
  out.public_key = crypto::ed25519_public_key(seed(account));
  return out;
}

inline keygen_import_options options_with(std::string_view key, std::string_view machine = {}) {
  keygen_import_options out = options();
  out.license_key = secret_bytes::locked_copy_of(key);
  out.fingerprint = machine;
  return out;
}

inline license imported(std::string_view file, const keygen_import_options& how = options()) {
  auto item = import_keygen(file, how);
  if (!item) FAIL(item.error().message());
  return std::move(*item);
}

inline error_code error_of(std::string_view file, const keygen_import_options& how = options()) {
  const auto item = import_keygen(file, how);
  return item ? error_code() : item.error();
}

inline std::string text_of(const license& item) {
  return std::string(crypto::text_of(item.payload.expose()));
}

inline std::optional<std::int64_t> seconds(const std::optional<std::chrono::sys_seconds>& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

inline constexpr std::int64_t created = 1'714'979'289;    // 2024-05-06 07:08:09
inline constexpr std::int64_t issued = 1'735'787'045;     // 2025-01-02 03:04:05
inline constexpr std::int64_t file_ends = 1'738'465'445;  // 2025-02-02 03:04:05
inline constexpr std::int64_t license_ends = 1'924'992'000;

inline bool is_aes_missing() {
  crypto::sodium_ready();
  if (crypto_aead_aes256gcm_is_available() == 1) return false;
  WARN("Left out: this processor has no instructions for AES.");
  return true;
}

inline void check_license(const license& item) {
  CHECK(item.revision == 1);
  CHECK(item.format == "keygen");
  CHECK(item.issuer == "account-1");
  CHECK(item.title == "Film editor");
  CHECK(seconds(item.rights.not_before) == issued);
  CHECK(seconds(item.rights.not_after) == file_ends);
  CHECK(item.state.uses_left == 7u);
  CHECK_FALSE(item.state.first_use);
}

}  // namespace reinstate::tests::keygen_files

#endif
