// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_HKDF_HPP
#define REINSTATE_CRYPTO_HKDF_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

#include <string_view>

namespace reinstate::crypto {

// HMAC-SHA-256 (RFC 2104).
byte_array<32> hmac_sha256(const secret_bytes& key, byte_span message) noexcept;

// HKDF-SHA-256 (RFC 5869) with an output of 32 bytes, which is all that age and we need. Built from HMAC, since
// libsodium has HKDF only from 1.0.19 on.
secret_bytes hkdf_sha256(byte_span key_material, byte_span salt, std::string_view info);

// The same into memory of the caller, who wipes it: for keys of which there may be very many.
void hkdf_sha256(byte_span key_material, byte_span salt, byte_span info, std::span<std::byte, 32> into) noexcept;

}  // namespace reinstate::crypto

#endif
