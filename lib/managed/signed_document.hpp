// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_SIGNED_DOCUMENT_HPP
#define REINSTATE_MANAGED_SIGNED_DOCUMENT_HPP

#include "crypto/bytes.hpp"
#include "format/cbor/cbor.hpp"

#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A document that an issuer signs, as bytes: a CBOR map, the public key of the issuer (32), and the Ed25519 signature
// (64) over the name of the kind of document, the map and the key. [docs/managed-licenses.md, "Signed documents"]

namespace reinstate::managed {

// Signs `document`, the bytes of a map, by appending key and signature to it.
// Errors: invalid_argument if the seed has another size. Throws std::bad_alloc.
result<std::vector<std::byte>> sign_document(std::string_view kind, std::vector<std::byte> document,
                                             const secret_bytes& issuer_seed);

struct verified_document {
  crypto::byte_span map;  // refers to the bytes that were verified
  ed25519_public_key signer{};
};

// Returns nullopt if the bytes are too short or the signature is wrong. Throws std::bad_alloc.
std::optional<verified_document> verify_document(std::string_view kind, crypto::byte_span document);

// Returns true if a text is UTF-8 (RFC 3629) and not longer than 255 bytes.
bool is_short_text(std::string_view text) noexcept;

// Returns true if an instant is in the years 1970 to 9999, which calendars can show and sums cannot overflow.
constexpr bool is_plausible(std::chrono::sys_seconds instant) noexcept {
  const auto seconds = instant.time_since_epoch().count();
  return seconds >= 0 && seconds <= 253'402'300'799;
}

// Read a text and an instant for which these return true; the reader fails otherwise. Throw std::bad_alloc.
std::string read_short_text(cbor::reader& in);
std::chrono::sys_seconds read_instant(cbor::reader& in) noexcept;

}  // namespace reinstate::managed

#endif
