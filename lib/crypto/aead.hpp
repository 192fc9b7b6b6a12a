// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_AEAD_HPP
#define REINSTATE_CRYPTO_AEAD_HPP

#include "crypto/bytes.hpp"

namespace reinstate::crypto {

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_tag_size = 16;

// Seals with ChaCha20-Poly1305 and a 12-byte nonce (RFC 8439), as age does. The caller never uses a nonce twice with
// one key. `sealed` is the ciphertext followed by its tag: exactly aead_tag_size longer than the plaintext.
void chacha20poly1305_seal(byte_span key, const byte_array<12>& nonce, byte_span plaintext,
                           writable_bytes sealed) noexcept;

// Opens the output of chacha20poly1305_seal. Returns false, and wipes `plaintext`, if the key is wrong or a bit was
// changed.
[[nodiscard]] bool chacha20poly1305_open(byte_span key, const byte_array<12>& nonce, byte_span sealed,
                                         writable_bytes plaintext) noexcept;

// Seals with XChaCha20-Poly1305 and a 24-byte nonce, long enough to be drawn at random for every message. `context` is
// authenticated with the message and not part of it. `plaintext` may be the beginning of `sealed`.
void xchacha20poly1305_seal(byte_span key, const byte_array<24>& nonce, byte_span context, byte_span plaintext,
                            writable_bytes sealed) noexcept;

[[nodiscard]] bool xchacha20poly1305_open(byte_span key, const byte_array<24>& nonce, byte_span context,
                                          byte_span sealed, writable_bytes plaintext) noexcept;

// Returns true if AES-256-GCM is available: libsodium has it only if the processor has instructions for it.
[[nodiscard]] bool aes256gcm_is_available() noexcept;

// Opens a ciphertext of AES-256-GCM with a 12-byte nonce (NIST SP 800-38D), followed by its tag, as above. For formats
// of others; no format of this library uses it. Precondition: aes256gcm_is_available().
[[nodiscard]] bool aes256gcm_open(byte_span key, const byte_array<12>& nonce, byte_span sealed,
                                  writable_bytes plaintext) noexcept;

}  // namespace reinstate::crypto

#endif
