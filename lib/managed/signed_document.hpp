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

// What issuers sign, as bytes: a CBOR map, the issuer's public key (32), and his Ed25519 signature (64) over the name
// of the kind of document, the map and the key. [docs/managed-licenses.md, "Signed documents"]

namespace reinstate::managed {

// Signs `document`, whose content is a map, by appending to it.
// Errors: invalid_argument where the seed has another size. Throws std::bad_alloc.
result<std::vector<std::byte>> sign_document(std::string_view kind, std::vector<std::byte> document,
                                             const secret_bytes& issuer_seed);

struct verified_document {
  crypto::byte_span map;  // lies in the bytes that were verified
  ed25519_public_key signer{};
};

// Nothing where the bytes are too short or the signature is wrong. Throws std::bad_alloc.
std::optional<verified_document> verify_document(std::string_view kind, crypto::byte_span document);

// Whether a text is UTF-8 (RFC 3629) and not longer than 255 bytes.
bool is_short_text(std::string_view text) noexcept;

// Whether an instant is in the years 1970 to 9999: what calendars can show, and sums cannot overflow.
constexpr bool is_plausible(std::chrono::sys_seconds instant) noexcept {
  const auto seconds = instant.time_since_epoch().count();
  return seconds >= 0 && seconds <= 253'402'300'799;
}

// A text and an instant of which these are true; the reader fails otherwise. Throws std::bad_alloc.
std::string read_short_text(cbor::reader& in);
std::chrono::sys_seconds read_instant(cbor::reader& in) noexcept;

}  // namespace reinstate::managed

#endif
