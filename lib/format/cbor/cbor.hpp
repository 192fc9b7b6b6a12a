// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_CBOR_CBOR_HPP
#define REINSTATE_FORMAT_CBOR_CBOR_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace reinstate::cbor {

using byte_span = std::span<const std::byte>;

// The part of CBOR (RFC 8949) that the formats use: integers, byte and text strings, arrays, maps, tags, null; definite
// lengths only, every head in its shortest form.

// Returns the size of the head of a value or length: 1, 2, 3, 5 or 9 bytes.
constexpr std::size_t head_size(std::uint64_t value) noexcept {
  return value < 24 ? 1 : value <= 0xff ? 2 : value <= 0xffff ? 3 : value <= 0xffff'ffff ? 5 : 9;
}

inline constexpr std::byte null_item{0xf6};
inline constexpr std::uint64_t embedded_cbor_tag = 24;

// Appends items to a buffer, which is any vector of bytes. Throws std::bad_alloc if the buffer cannot grow.
template <class Buffer>
class writer {
 public:
  explicit writer(Buffer& out) noexcept : out_(out) {}

  void unsigned_integer(std::uint64_t value) { head(0, value); }

  void integer(std::int64_t value) {
    if (value >= 0) return head(0, static_cast<std::uint64_t>(value));
    head(1, ~static_cast<std::uint64_t>(value));  // CBOR stores -1 - n
  }

  void bytes(byte_span value) {
    head(2, value.size());
    append(value);
  }

  void text(std::string_view value) {
    head(3, value.size());
    append(std::as_bytes(std::span(value.data(), value.size())));
  }

  void array(std::uint64_t items) { head(4, items); }
  void map(std::uint64_t pairs) { head(5, pairs); }
  void tag(std::uint64_t number) { head(6, number); }

  // Appends the head of a byte string, whose content the caller appends.
  void bytes_head(std::uint64_t size) { head(2, size); }

 private:
  void head(unsigned major, std::uint64_t value) {
    const std::size_t size = head_size(value);
    const unsigned code = size == 1   ? static_cast<unsigned>(value)
                          : size == 2 ? 24
                          : size == 3 ? 25
                          : size == 5 ? 26
                                      : 27;
    std::array<std::byte, 9> bytes{static_cast<std::byte>(major << 5 | code)};
    for (std::size_t i = size; i-- > 1; value >>= 8) bytes[i] = static_cast<std::byte>(value & 0xff);
    append(byte_span(bytes).first(size));
  }

  // Not insert: g++ 12 warns falsely of an overflow when the buffer grows.
  void append(byte_span bytes) {
    const std::size_t at = out_.size();
    out_.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  Buffer& out_;
};

// Reads items from bytes that may be hostile.
//
// Guarantees: never reads outside the input, never recurses, never allocates. After the first item that is not of the
// kind asked for, `ok` stays false and every further call returns zero or an empty string: check once, at the end.
// Lifetime: returned strings refer to the input.
class reader {
 public:
  explicit reader(byte_span input) noexcept : rest_(input) {}

  std::uint64_t unsigned_integer() noexcept { return head(0); }
  std::int64_t integer() noexcept;
  byte_span bytes() noexcept { return string(2); }

  // The head of a byte string: its own size, and the size of the content that follows it.
  struct string_head {
    std::size_t head = 0;
    std::uint64_t size = 0;
  };
  string_head bytes_head() noexcept {
    const std::uint64_t size = head(2);
    return {head_size(size), size};
  }

  std::string_view text() noexcept;

  // Reads a byte string that must be exactly as long as `value`.
  void fixed(std::span<std::byte> value) noexcept;

  std::uint64_t array() noexcept { return head(4); }
  std::uint64_t map() noexcept { return head(5); }
  std::uint64_t tag() noexcept { return head(6); }

  // Passes over one item of any kind, with all items in it.
  void skip() noexcept;

  // Makes `ok` false: the caller refuses a value that was read.
  void fail() noexcept;

  bool ok() const noexcept { return ok_; }
  bool at_end() const noexcept { return rest_.empty(); }
  byte_span rest() const noexcept { return rest_; }

 private:
  struct any_head {
    unsigned major = 0;
    std::uint64_t value = 0;
  };

  any_head next_head() noexcept;
  std::uint64_t head(unsigned major) noexcept;
  byte_span string(unsigned major) noexcept;
  byte_span take(std::uint64_t size) noexcept;

  byte_span rest_;
  bool ok_ = true;
};

// The keys that were found in a map.
struct map_fields {
  std::uint64_t seen = 0;     // one bit for each known key; known keys are below 64
  std::uint64_t unknown = 0;  // the number of keys that were passed over
};

constexpr std::uint64_t bit(std::uint64_t key) noexcept {
  return std::uint64_t{1} << key;
}

// Reads a map with unsigned keys in ascending order, so that none is given twice and means two things to two readers.
// `read` reads the value of a key it knows and returns true; if it returns false, the value is passed over.
template <class Read>
map_fields read_map(reader& in, Read read) {
  map_fields found;
  std::optional<std::uint64_t> previous;
  for (std::uint64_t pairs = in.map(); pairs != 0 && in.ok(); --pairs) {
    const std::uint64_t key = in.unsigned_integer();
    if (previous && key <= *previous) in.fail();
    previous = key;
    if (!in.ok()) break;
    if (read(key)) {
      found.seen |= bit(key);
    } else {
      in.skip();
      ++found.unknown;
    }
  }
  return found;
}

// Returns true if the whole input was read without error and every required key was found.
inline bool complete(const reader& in, const map_fields& found, std::uint64_t required) noexcept {
  return in.ok() && in.at_end() && (found.seen & required) == required;
}

}  // namespace reinstate::cbor

#endif
