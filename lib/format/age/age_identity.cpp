// SPDX-License-Identifier: BSL-1.0
#include "format/age/age_identity.hpp"

#include "crypto/aead.hpp"
#include "crypto/base64.hpp"
#include "crypto/bech32.hpp"
#include "crypto/scrypt.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_keys.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace reinstate::age {
namespace {

constexpr std::size_t wrapped_key_size = file_key_size + crypto::aead_tag_size;

std::optional<secret_bytes> open_file_key(const secret_bytes& wrap_key, byte_span body) {
  secret_bytes file_key = secret_bytes::locked(file_key_size);
  if (!crypto::chacha20poly1305_open(wrap_key.expose(), {}, body, file_key.expose_writable())) return std::nullopt;
  return file_key;
}

// Returns the bytes of an argument that must be the base64 of exactly N bytes.
template <std::size_t N>
std::optional<byte_array<N>> fixed_argument(const std::string& text) {
  const auto bytes = crypto::base64_decode(text);
  if (!bytes || bytes->size() != N) return std::nullopt;
  byte_array<N> out;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

// Reads 1*DIGIT without a leading zero. Returns nullopt above 63, which no computer could do.
std::optional<unsigned> parse_work_factor(const std::string& text) {
  if (text.empty() || text.size() > 2 || text[0] < '1' || text[0] > '9') return std::nullopt;
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value > 63) return std::nullopt;
  return value;
}

}  // namespace

x25519_identity::x25519_identity(secret_bytes private_key)
    : public_key_(crypto::x25519_public_key(private_key)),
      agree_([key = std::make_shared<const secret_bytes>(std::move(private_key))](const x25519_public_key& share) {
        return crypto::x25519_agree(*key, share);
      }) {
}

x25519_identity::x25519_identity(const x25519_public_key& public_key, agreement agree)
    : public_key_(public_key), agree_(std::move(agree)) {
}

std::optional<secret_bytes> x25519_identity::try_open(const stanza& s, const x25519_public_key& share,
                                                      const secret_bytes& shared) const {
  return open_file_key(x25519_wrap_key(shared, share, public_key_), s.body);
}

result<secret_bytes> x25519_identity::unwrap(const std::vector<stanza>& stanzas) const {
  for (const stanza& s : stanzas) {
    if (s.arguments[0] != x25519_type) continue;
    const auto share = s.arguments.size() == 2 ? fixed_argument<32>(s.arguments[1]) : std::nullopt;
    if (!share || s.body.size() != wrapped_key_size) return failure::header_malformed;
    const reinstate::result<secret_bytes> shared = agree_(*share);
    if (!shared && shared.error() == errc::invalid_argument) return failure::header_malformed;  // of low order
    if (!shared) {
      trouble_ = shared.error();
      return failure::identity_failed;
    }
    if (auto file_key = try_open(s, *share, *shared)) return std::move(*file_key);
  }
  return failure::no_match;
}

scrypt_identity::scrypt_identity(secret_bytes passphrase, unsigned max_work_factor)
    : passphrase_(std::move(passphrase)), max_work_factor_(max_work_factor) {
}

result<secret_bytes> scrypt_identity::unwrap(const std::vector<stanza>& stanzas) const {
  const auto is_scrypt = [](const stanza& s) { return s.arguments[0] == scrypt_type; };
  if (std::ranges::none_of(stanzas, is_scrypt)) return failure::no_match;
  // A passphrase authenticates the writer of a file only if no other recipient knows its key: it must be the only
  // stanza.
  if (stanzas.size() != 1) return failure::header_malformed;

  const stanza& s = stanzas.front();
  if (s.arguments.size() != 3 || s.body.size() != wrapped_key_size) return failure::header_malformed;
  const auto salt = fixed_argument<scrypt_salt_size>(s.arguments[1]);
  const auto work_factor = parse_work_factor(s.arguments[2]);
  if (!salt || !work_factor) return failure::header_malformed;
  if (*work_factor > max_work_factor_) return failure::work_factor_too_high;

  const auto wrap_key = crypto::scrypt(passphrase_, scrypt_salt(*salt), *work_factor);
  if (!wrap_key) return failure::out_of_memory;
  if (auto file_key = open_file_key(*wrap_key, s.body)) return std::move(*file_key);
  return failure::no_match;
}

result<opened_file> open_file(byte_span start, const identity& identity) {
  const result<header> header = parse_header(start);
  if (!header) return header.error();
  const result<secret_bytes> file_key = identity.unwrap(header->stanzas);
  if (!file_key) return file_key.error();
  if (!is_authentic(*header, *file_key)) return failure::header_not_authentic;
  const byte_span payload = start.subspan(header->size);
  if (payload.size() < payload_nonce_size) return failure::payload_truncated;
  return opened_file{header->size + payload_nonce_size, stream_key(*file_key, payload.first(payload_nonce_size))};
}

result<secret_bytes> decrypt(byte_span file, const identity& identity) {
  const result<opened_file> opened = open_file(file, identity);
  if (!opened) return opened.error();
  byte_span rest = file.subspan(opened->payload_at);
  secret_bytes plaintext = secret_bytes::locked(rest.size());
  std::size_t size = 0;
  std::uint64_t index = 0;
  do {
    const byte_span sealed = rest.first(std::min(rest.size(), sealed_chunk_size));
    rest = rest.subspan(sealed.size());
    const writable_bytes chunk_plaintext = plaintext.expose_writable().subspan(size);
    const opened_chunk chunk = open_chunk(opened->key, index++, sealed, rest.empty(), chunk_plaintext);
    if (chunk.failed) return chunk.why;
    size += chunk.plaintext_size;
  } while (!rest.empty());
  return secret_bytes::locked_copy_of(plaintext.expose().first(size));
}

std::optional<secret_bytes> parse_identity(std::string_view text) {
  if (!text.starts_with("AGE-SECRET-KEY-1")) return std::nullopt;
  auto key = crypto::bech32_decode("age-secret-key-", text);
  if (!key) return std::nullopt;
  secret_bytes out = secret_bytes::locked_copy_of(*key);
  sodium_memzero(key->data(), key->size());
  return out;
}

}  // namespace reinstate::age
