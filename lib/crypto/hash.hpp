// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_HASH_HPP
#define REINSTATE_CRYPTO_HASH_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

#include <sodium.h>

namespace reinstate::crypto {

using digest = byte_array<32>;

// BLAKE2b-256 (RFC 7693), fed piece by piece.
class hasher {
 public:
  hasher() noexcept;
  explicit hasher(const secret_bytes& key) noexcept;  // 32 bytes; the digest is then a message authentication code
  void update(byte_span bytes) noexcept;
  digest finish() noexcept;  // the hasher is spent afterwards

 private:
  crypto_generichash_state state_;
};

digest hash(byte_span bytes) noexcept;

// BLAKE2b-256 keyed with 32 bytes.
digest keyed_hash(const secret_bytes& key, byte_span bytes) noexcept;

// Takes the same time wherever the first difference lies.
[[nodiscard]] bool equal(const digest& a, const digest& b) noexcept;

}  // namespace reinstate::crypto

#endif
