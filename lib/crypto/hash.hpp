// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_HASH_HPP
#define REINSTATE_CRYPTO_HASH_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

#include <sodium.h>

namespace reinstate::crypto {

using digest = byte_array<32>;

// Computes BLAKE2b-256 (RFC 7693) piece by piece.
class hasher {
 public:
  hasher() noexcept;
  explicit hasher(const secret_bytes& key) noexcept;  // 32 bytes; the digest is then a message authentication code
  void update(byte_span bytes) noexcept;
  digest finish() noexcept;  // the last call

 private:
  crypto_generichash_state state_;
};

// Returns the BLAKE2b-256 digest.
digest hash(byte_span bytes) noexcept;

// Returns the BLAKE2b-256 digest, keyed with 32 bytes.
digest keyed_hash(const secret_bytes& key, byte_span bytes) noexcept;

// Compares in constant time.
[[nodiscard]] bool equal(const digest& a, const digest& b) noexcept;

}  // namespace reinstate::crypto

#endif
