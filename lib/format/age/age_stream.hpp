// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_STREAM_HPP
#define REINSTATE_FORMAT_AGE_AGE_STREAM_HPP

#include "crypto/bytes.hpp"
#include "format/age/age_error.hpp"

#include <reinstate/secret_bytes.hpp>

#include <cstdint>

// The payload of an age v1 file: chunks that are sealed and opened each on its own. [c2sp.org/age, "Payload"]

namespace reinstate::age {

using crypto::byte_span;
using crypto::writable_bytes;

inline constexpr std::size_t chunk_size = 64 * 1024;
inline constexpr std::size_t chunk_overhead = 16;
inline constexpr std::size_t sealed_chunk_size = chunk_size + chunk_overhead;
inline constexpr std::size_t payload_nonce_size = 16;

// The key of the payload of one file. Seals and opens chunks in any order and from any thread.
class stream_key {
 public:
  // Derives the key from the file key and the nonce of the file.
  stream_key(const secret_bytes& file_key, byte_span nonce);

  // Seals chunk number `index`; `sealed` is chunk_overhead longer than `plaintext`. Every chunk but the last is full;
  // each (index, last) is sealed once per file.
  void seal(std::uint64_t index, bool last, byte_span plaintext, writable_bytes sealed) const noexcept;

  // Returns false, and wipes `plaintext`, if `sealed` is not that chunk.
  [[nodiscard]] bool open(std::uint64_t index, bool last, byte_span sealed, writable_bytes plaintext) const noexcept;

 private:
  secret_bytes key_;
};

// The result of opening a chunk. The first `plaintext_size` bytes of the plaintext are authentic, also if it failed:
// then the payload was cut, or bytes were added, behind them.
struct opened_chunk {
  std::size_t plaintext_size = 0;
  bool failed = false;
  failure why = failure::payload_damaged;  // if it failed
};

// Opens chunk number `index` and tells a payload that was cut from one that was changed. `sealed` is sealed_chunk_size
// bytes, or the rest of the payload; `at_end` is true if no bytes follow it.
opened_chunk open_chunk(const stream_key& key, std::uint64_t index, byte_span sealed, bool at_end,
                        writable_bytes plaintext) noexcept;

}  // namespace reinstate::age

#endif
