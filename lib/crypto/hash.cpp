// SPDX-License-Identifier: BSL-1.0
#include "crypto/hash.hpp"

#include "crypto/sodium_ready.hpp"

namespace reinstate::crypto {

hasher::hasher() noexcept {
  sodium_ready();
  crypto_generichash_init(&state_, nullptr, 0, sizeof(digest));
}

hasher::hasher(const secret_bytes& key) noexcept {
  sodium_ready();
  crypto_generichash_init(&state_, raw(key.expose()), key.size(), sizeof(digest));
}

void hasher::update(byte_span bytes) noexcept {
  crypto_generichash_update(&state_, raw(bytes), bytes.size());
}

digest hasher::finish() noexcept {
  digest out{};
  crypto_generichash_final(&state_, raw(writable_bytes(out)), out.size());
  return out;
}

digest hash(byte_span bytes) noexcept {
  hasher h;
  h.update(bytes);
  return h.finish();
}

digest keyed_hash(const secret_bytes& key, byte_span bytes) noexcept {
  hasher h(key);
  h.update(bytes);
  return h.finish();
}

bool equal(const digest& a, const digest& b) noexcept {
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace reinstate::crypto
