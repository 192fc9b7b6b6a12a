// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_X25519_HPP
#define REINSTATE_CRYPTO_X25519_HPP

#include "crypto/bytes.hpp"

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

namespace reinstate::crypto {

// Returns the X25519 (RFC 7748) public key. A private key is any 32 random bytes.
byte_array<32> x25519_public_key(const secret_bytes& private_key) noexcept;

// Returns the shared secret. Errors: invalid_argument if it would be all zero, because `peer` is of low order.
result<secret_bytes> x25519_agree(const secret_bytes& private_key, const byte_array<32>& peer);

}  // namespace reinstate::crypto

#endif
