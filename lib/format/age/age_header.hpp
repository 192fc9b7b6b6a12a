// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_HEADER_HPP
#define REINSTATE_FORMAT_AGE_AGE_HEADER_HPP

#include "crypto/bytes.hpp"
#include "format/age/age_error.hpp"

#include <reinstate/secret_bytes.hpp>

#include <string>
#include <vector>

// The header of an age v1 file. [c2sp.org/age, "Header"]

namespace reinstate::age {

using crypto::byte_array;
using crypto::byte_span;
using crypto::writable_bytes;

inline constexpr std::size_t file_key_size = 16;

// The largest header that is read: thousands of recipients.
inline constexpr std::size_t max_header_size = 1024 * 1024;

// The file key, encrypted to one recipient.
struct stanza {
  std::vector<std::string> arguments;  // at least one: the type
  std::vector<std::byte> body;
};

struct header {
  std::vector<stanza> stanzas;
  std::string authenticated;  // the bytes that the code covers: up to and including "---"
  byte_array<32> mac{};
  std::size_t size = 0;  // the offset of the payload
};

// Reads the header at the beginning of a file, of which `start` is all or at least the first max_header_size bytes.
// Errors: header_malformed. Throws std::bad_alloc.
result<header> parse_header(byte_span start);

// Returns the text of a header with these stanzas. Throws std::bad_alloc.
std::string write_header(const std::vector<stanza>& stanzas, const secret_bytes& file_key);

// Returns true if the writer of the header knew the file key.
[[nodiscard]] bool is_authentic(const header& header, const secret_bytes& file_key);

}  // namespace reinstate::age

#endif
