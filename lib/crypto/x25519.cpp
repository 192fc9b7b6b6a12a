// SPDX-License-Identifier: BSL-1.0
#include "crypto/x25519.hpp"

#include "crypto/sodium_ready.hpp"

#include <cassert>

namespace reinstate::crypto {

byte_array<32> x25519_public_key(const secret_bytes& private_key) noexcept {
  assert(private_key.size() == 32);
  byte_array<32> out{};
  crypto_scalarmult_base(raw(writable_bytes(out)), raw(private_key.expose()));
  return out;
}

result<secret_bytes> x25519_agree(const secret_bytes& private_key, const byte_array<32>& peer) {
  assert(private_key.size() == 32);
  secret_bytes shared = secret_bytes::locked(32);
  if (crypto_scalarmult(raw(shared.expose_writable()), raw(private_key.expose()), raw(peer)) != 0)
    return errc::invalid_argument;
  return shared;
}

}  // namespace reinstate::crypto
