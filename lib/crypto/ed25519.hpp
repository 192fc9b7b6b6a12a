// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_ED25519_HPP
#define REINSTATE_CRYPTO_ED25519_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

namespace reinstate::crypto {

inline constexpr std::size_t ed25519_seed_size = 32;

// Ed25519 (RFC 8032). A private key is its 32-byte seed.
byte_array<32> ed25519_public_key(const secret_bytes& seed);
byte_array<64> ed25519_sign(const secret_bytes& seed, byte_span message);
[[nodiscard]] bool ed25519_verify(const byte_array<32>& public_key, byte_span message,
                                  const byte_array<64>& signature) noexcept;

}  // namespace reinstate::crypto

#endif
