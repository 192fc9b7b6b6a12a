// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_HKDF_HPP
#define REINSTATE_CRYPTO_HKDF_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

#include <string_view>

namespace reinstate::crypto {

// Returns HMAC-SHA-256 (RFC 2104).
byte_array<32> hmac_sha256(const secret_bytes& key, byte_span message) noexcept;

// Returns HKDF-SHA-256 (RFC 5869) with an output of 32 bytes, which is all that age and this library need. Built from
// HMAC, since libsodium has HKDF only from 1.0.19 on.
secret_bytes hkdf_sha256(byte_span key_material, byte_span salt, std::string_view info);

// Writes the same output to memory that the caller wipes: for a key that is derived for each of many licenses.
void hkdf_sha256(byte_span key_material, byte_span salt, byte_span info, std::span<std::byte, 32> output) noexcept;

}  // namespace reinstate::crypto

#endif
