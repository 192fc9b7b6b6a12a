// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_RIGHTS_STATEMENT_HPP
#define REINSTATE_MANAGED_RIGHTS_STATEMENT_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reinstate {

// An issuer's statement about one license, signed so that a License Management Service and every restore can hold the
// license to it. It reveals only ids, rights and a digest to a service: no title, no payload.
// [docs/managed-licenses.md]
struct rights_statement {
  license_id id;
  key_id key;
  std::string issuer;  // its name, as in `license::issuer`
  std::string user;    // the issuer's own name for the licensee; may be empty; UTF-8
  backup_right backup = backup_right::denied;
  std::uint32_t machines = 4;  // number of machines that may have it under a service, including the first [C96]
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::chrono::sys_seconds> not_after;
  std::optional<std::uint64_t> uses;           // as issued; absent if unlimited
  std::array<std::byte, 32> payload_digest{};  // BLAKE2b-256 of the payload as issued

  friend bool operator==(const rights_statement&, const rights_statement&) = default;
};

// An issuer whose signatures are accepted, and the name that its licenses carry.
struct trusted_issuer {
  std::string name;
  ed25519_public_key key{};

  friend bool operator==(const trusted_issuer&, const trusted_issuer&) = default;
};

// A statement and the public key it was signed with.
struct signed_statement {
  rights_statement statement;
  ed25519_public_key signer{};
};

// Encodes and signs a statement, as kept in `license::statement`: the statement, the issuer's public key, and an
// Ed25519 signature (RFC 8032) over both. `issuer_seed` is the 32-byte private key. For issuers.
// Errors: invalid_argument if a text is longer than 255 bytes or not UTF-8, a time is outside the years 1970 to 9999,
// or the seed has another size. Throws std::bad_alloc.
result<std::vector<std::byte>> sign_statement(const rights_statement& statement, const secret_bytes& issuer_seed);

// Decodes a signed statement and verifies its signature. The caller must check that the key belongs to a trusted
// issuer.
// Errors: license_not_authentic. Throws std::bad_alloc.
result<signed_statement> parse_statement(std::span<const std::byte> statement);

// Returns the digest of a payload, for `rights_statement::payload_digest`.
std::array<std::byte, 32> digest_of_payload(std::span<const std::byte> payload) noexcept;

// Returns the public key of an issuer's 32-byte private key. Errors: invalid_argument if the seed has another size.
result<ed25519_public_key> issuer_public_key(const secret_bytes& issuer_seed);

}  // namespace reinstate

#endif
