// SPDX-License-Identifier: BSL-1.0
#include "crypto/aead.hpp"

#include "crypto/sodium_ready.hpp"

#include <cassert>

namespace reinstate::crypto {

void chacha20poly1305_seal(byte_span key, const byte_array<12>& nonce, byte_span plaintext,
                           writable_bytes sealed) noexcept {
  assert(key.size() == aead_key_size && sealed.size() == plaintext.size() + aead_tag_size);
  sodium_ready();
  crypto_aead_chacha20poly1305_ietf_encrypt(raw(sealed), nullptr, raw(plaintext), plaintext.size(), nullptr, 0, nullptr,
                                            raw(nonce), raw(key));
}

bool chacha20poly1305_open(byte_span key, const byte_array<12>& nonce, byte_span sealed,
                           writable_bytes plaintext) noexcept {
  assert(key.size() == aead_key_size);
  if (sealed.size() < aead_tag_size) return false;
  assert(sealed.size() == plaintext.size() + aead_tag_size);
  sodium_ready();
  if (crypto_aead_chacha20poly1305_ietf_decrypt(raw(plaintext), nullptr, nullptr, raw(sealed), sealed.size(), nullptr,
                                                0, raw(nonce), raw(key)) == 0)
    return true;
  sodium_memzero(plaintext.data(), plaintext.size());
  return false;
}

void xchacha20poly1305_seal(byte_span key, const byte_array<24>& nonce, byte_span context, byte_span plaintext,
                            writable_bytes sealed) noexcept {
  assert(key.size() == aead_key_size && sealed.size() == plaintext.size() + aead_tag_size);
  sodium_ready();
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed), nullptr, raw(plaintext), plaintext.size(), raw(context),
                                             context.size(), nullptr, raw(nonce), raw(key));
}

bool xchacha20poly1305_open(byte_span key, const byte_array<24>& nonce, byte_span context, byte_span sealed,
                            writable_bytes plaintext) noexcept {
  assert(key.size() == aead_key_size);
  if (sealed.size() < aead_tag_size) return false;
  assert(sealed.size() == plaintext.size() + aead_tag_size);
  sodium_ready();
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plaintext), nullptr, nullptr, raw(sealed), sealed.size(),
                                                 raw(context), context.size(), raw(nonce), raw(key)) == 0)
    return true;
  sodium_memzero(plaintext.data(), plaintext.size());
  return false;
}

bool aes256gcm_is_available() noexcept {
  sodium_ready();
  return crypto_aead_aes256gcm_is_available() == 1;
}

bool aes256gcm_open(byte_span key, const byte_array<12>& nonce, byte_span sealed, writable_bytes plaintext) noexcept {
  assert(key.size() == aead_key_size && aes256gcm_is_available());
  if (sealed.size() < aead_tag_size) return false;
  assert(sealed.size() == plaintext.size() + aead_tag_size);
  if (crypto_aead_aes256gcm_decrypt(raw(plaintext), nullptr, nullptr, raw(sealed), sealed.size(), nullptr, 0,
                                    raw(nonce), raw(key)) == 0)
    return true;
  sodium_memzero(plaintext.data(), plaintext.size());
  return false;
}

}  // namespace reinstate::crypto
