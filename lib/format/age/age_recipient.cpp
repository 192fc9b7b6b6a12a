// SPDX-License-Identifier: BSL-1.0
#include "format/age/age_recipient.hpp"

#include "crypto/aead.hpp"
#include "crypto/base64.hpp"
#include "crypto/bech32.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/scrypt.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_keys.hpp"

#include <sodium.h>

#include <algorithm>
#include <cassert>

namespace reinstate::age {
namespace {

std::vector<std::byte> seal_file_key(const secret_bytes& wrap_key, const secret_bytes& file_key) {
  std::vector<std::byte> body(file_key_size + crypto::aead_tag_size);
  // The nonce is fixed: a wrap key is derived anew for every stanza and seals only this.
  crypto::chacha20poly1305_seal(wrap_key.expose(), {}, file_key.expose(), body);
  return body;
}

file_start start(const std::vector<stanza>& stanzas, const secret_bytes& file_key) {
  const std::string header = write_header(stanzas, file_key);
  const auto nonce = crypto::random_array<payload_nonce_size>();
  std::vector<std::byte> bytes(header.size() + nonce.size());
  std::ranges::copy(nonce, std::ranges::copy(crypto::bytes_of(header), bytes.begin()).out);
  return {std::move(bytes), stream_key(file_key, nonce)};
}

// Completes a file with its only chunk.
std::vector<std::byte> finish_file(file_start file, byte_span plaintext) {
  const std::size_t start_size = file.bytes.size();
  file.bytes.resize(start_size + plaintext.size() + chunk_overhead);
  file.key.seal(0, true, plaintext, writable_bytes(file.bytes).subspan(start_size));
  return std::move(file.bytes);
}

}  // namespace

result<stanza> wrap_x25519(const x25519_public_key& recipient, const secret_bytes& file_key) {
  const secret_bytes ephemeral = crypto::random_secret(32);
  const x25519_public_key share = crypto::x25519_public_key(ephemeral);
  const auto shared = crypto::x25519_agree(ephemeral, recipient);
  if (!shared) return failure::no_match;
  return stanza{{x25519_type, crypto::base64_encode(share)},
                seal_file_key(x25519_wrap_key(*shared, share, recipient), file_key)};
}

result<stanza> wrap_scrypt(const secret_bytes& passphrase, unsigned work_factor, const secret_bytes& file_key) {
  const auto salt = crypto::random_array<scrypt_salt_size>();
  const auto wrap_key = crypto::scrypt(passphrase, scrypt_salt(salt), work_factor);
  if (!wrap_key) return failure::out_of_memory;
  return stanza{{scrypt_type, crypto::base64_encode(salt), std::to_string(work_factor)},
                seal_file_key(*wrap_key, file_key)};
}

result<file_start> start_file(std::span<const x25519_public_key> recipients) {
  const secret_bytes file_key = crypto::random_secret(file_key_size);
  std::vector<stanza> stanzas;
  for (const x25519_public_key& recipient : recipients) {
    result<stanza> wrapped = wrap_x25519(recipient, file_key);
    if (!wrapped) return wrapped.error();
    stanzas.push_back(std::move(*wrapped));
  }
  return start(stanzas, file_key);
}

result<std::vector<std::byte>> encrypt_with_passphrase(const secret_bytes& passphrase, unsigned work_factor,
                                                       byte_span plaintext) {
  assert(plaintext.size() <= chunk_size);
  const secret_bytes file_key = crypto::random_secret(file_key_size);
  result<stanza> stanza = wrap_scrypt(passphrase, work_factor, file_key);
  if (!stanza) return stanza.error();
  return finish_file(start({std::move(*stanza)}, file_key), plaintext);
}

result<std::vector<std::byte>> encrypt_to_recipient(const x25519_public_key& recipient, byte_span plaintext) {
  assert(plaintext.size() <= chunk_size);
  result<file_start> file = start_file(std::span(&recipient, 1));
  if (!file) return file.error();
  return finish_file(std::move(*file), plaintext);
}

std::optional<x25519_public_key> parse_recipient(std::string_view text) {
  return crypto::bech32_decode("age", text);
}

std::string recipient_text(const x25519_public_key& recipient) {
  return crypto::bech32_encode("age", recipient);
}

secret_bytes identity_text(const secret_bytes& private_key) {
  byte_array<32> key;
  std::ranges::copy(private_key.expose(), key.begin());
  std::string text = crypto::bech32_encode("age-secret-key-", key);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  secret_bytes out = secret_bytes::locked_copy_of(text);
  sodium_memzero(key.data(), key.size());
  sodium_memzero(text.data(), text.size());
  return out;
}

}  // namespace reinstate::age
