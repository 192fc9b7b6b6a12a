// SPDX-License-Identifier: BSL-1.0
#include "crypto/ed25519.hpp"

#include "crypto/sodium_ready.hpp"

#include <cassert>

namespace reinstate::crypto {
namespace {

// Derives libsodium's key pair, the seed followed by the public key. It is derived anew for each use and wiped after
// it.
secret_bytes expand(const secret_bytes& seed, byte_array<32>& public_key) {
  assert(seed.size() == ed25519_seed_size);
  sodium_ready();
  secret_bytes pair = secret_bytes::locked(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(raw(writable_bytes(public_key)), raw(pair.expose_writable()), raw(seed.expose()));
  return pair;
}

}  // namespace

byte_array<32> ed25519_public_key(const secret_bytes& seed) {
  byte_array<32> key{};
  expand(seed, key);
  return key;
}

byte_array<64> ed25519_sign(const secret_bytes& seed, byte_span message) {
  byte_array<32> key{};
  const secret_bytes pair = expand(seed, key);
  byte_array<64> signature{};
  crypto_sign_detached(raw(writable_bytes(signature)), nullptr, raw(message), message.size(), raw(pair.expose()));
  return signature;
}

bool ed25519_verify(const byte_array<32>& public_key, byte_span message, const byte_array<64>& signature) noexcept {
  return crypto_sign_verify_detached(raw(signature), raw(message), message.size(), raw(public_key)) == 0;
}

}  // namespace reinstate::crypto
