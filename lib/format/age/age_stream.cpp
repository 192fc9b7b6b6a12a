// SPDX-License-Identifier: BSL-1.0
#include "format/age/age_stream.hpp"

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"

#include <algorithm>

namespace reinstate::age {
namespace {

// Returns 11 bytes of counter, big-endian, and one byte that is 1 for the last chunk only.
crypto::byte_array<12> nonce_of(std::uint64_t index, bool last) noexcept {
  crypto::byte_array<12> nonce{};
  std::ranges::copy(crypto::big_endian(index), nonce.begin() + 3);
  nonce[11] = std::byte{last};
  return nonce;
}

}  // namespace

stream_key::stream_key(const secret_bytes& file_key, byte_span nonce)
    : key_(crypto::hkdf_sha256(file_key.expose(), nonce, "payload")) {
}

void stream_key::seal(std::uint64_t index, bool last, byte_span plaintext, writable_bytes sealed) const noexcept {
  crypto::chacha20poly1305_seal(key_.expose(), nonce_of(index, last), plaintext, sealed);
}

bool stream_key::open(std::uint64_t index, bool last, byte_span sealed, writable_bytes plaintext) const noexcept {
  return crypto::chacha20poly1305_open(key_.expose(), nonce_of(index, last), sealed, plaintext);
}

opened_chunk open_chunk(const stream_key& key, std::uint64_t index, byte_span sealed, bool at_end,
                        writable_bytes plaintext) noexcept {
  if (sealed.size() < chunk_overhead) return {0, true, failure::payload_truncated};
  const std::size_t size = sealed.size() - chunk_overhead;
  if (size == 0 && index != 0) return {0, true, failure::payload_damaged};  // an empty chunk may only stand alone
  const writable_bytes chunk_plaintext = plaintext.first(size);

  if (key.open(index, at_end, sealed, chunk_plaintext)) return {size};
  // A chunk that is not full must be the last.
  if (size != chunk_size && at_end) return {0, true, failure::payload_damaged};
  // Authentic in the other position: the file was cut behind this chunk, or bytes were added behind it.
  if (!key.open(index, !at_end, sealed, chunk_plaintext)) return {0, true, failure::payload_damaged};
  return {size, true, at_end ? failure::payload_truncated : failure::payload_damaged};
}

}  // namespace reinstate::age
