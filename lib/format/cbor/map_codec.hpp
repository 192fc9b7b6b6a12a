// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_CBOR_MAP_CODEC_HPP
#define REINSTATE_FORMAT_CBOR_MAP_CODEC_HPP

#include "format/cbor/cbor.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

// Writes, reads and measures a map with unsigned keys by one list of its fields, in ascending order of their keys:
//
//   struct point_fields {
//     static void visit(auto& point, auto&& field) {
//       field(1, point.x);
//       field(2, point.label);  // a std::optional is left out of the map if it is empty; any other field is required
//     }
//   };
//   cbor::write_fields<point_fields>(out, point);

namespace reinstate::cbor {

// How a field of type T is encoded. A specialization has the functions of the first one below; `size`, the number of
// bytes that `write` appends, only if `fields_size` is used.
template <class T>
struct value_codec;

template <>
struct value_codec<std::uint64_t> {
  static std::size_t size(std::uint64_t value) noexcept { return head_size(value); }
  static void write(auto& out, std::uint64_t value) { out.unsigned_integer(value); }
  static void read(reader& in, std::uint64_t& value) noexcept { value = in.unsigned_integer(); }
};

template <>
struct value_codec<std::uint32_t> {
  static std::size_t size(std::uint32_t value) noexcept { return head_size(value); }
  static void write(auto& out, std::uint32_t value) { out.unsigned_integer(value); }
  static void read(reader& in, std::uint32_t& value) noexcept {
    const std::uint64_t number = in.unsigned_integer();
    if (number > UINT32_MAX) return in.fail();
    value = static_cast<std::uint32_t>(number);
  }
};

// Seconds since 1970.
template <>
struct value_codec<std::chrono::sys_seconds> {
  static std::size_t size(std::chrono::sys_seconds value) noexcept {
    const std::int64_t seconds = value.time_since_epoch().count();
    return head_size(static_cast<std::uint64_t>(seconds >= 0 ? seconds : ~seconds));
  }
  static void write(auto& out, std::chrono::sys_seconds value) { out.integer(value.time_since_epoch().count()); }
  static void read(reader& in, std::chrono::sys_seconds& value) noexcept {
    value = std::chrono::sys_seconds{std::chrono::seconds{in.integer()}};
  }
};

// A byte string of any length. Lifetime: a value that was read refers to the input.
template <>
struct value_codec<byte_span> {
  static std::size_t size(byte_span value) noexcept { return head_size(value.size()) + value.size(); }
  static void write(auto& out, byte_span value) { out.bytes(value); }
  static void read(reader& in, byte_span& value) noexcept { value = in.bytes(); }
};

// A byte string of exactly N bytes.
template <std::size_t N>
struct value_codec<std::array<std::byte, N>> {
  static std::size_t size(const std::array<std::byte, N>&) noexcept { return head_size(N) + N; }
  static void write(auto& out, const std::array<std::byte, N>& value) { out.bytes(value); }
  static void read(reader& in, std::array<std::byte, N>& value) noexcept { in.fixed(value); }
};

namespace detail {

// The value of a field that is in the map; null if it is left out.
template <class T>
const T* present(const T& value) noexcept {
  return &value;
}
template <class T>
const T* present(const std::optional<T>& value) noexcept {
  return value ? &*value : nullptr;
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class Fields>
std::uint64_t field_count(const auto& object) noexcept {
  std::uint64_t count = 0;
  Fields::visit(object, [&](std::uint64_t, const auto& value) { count += present(value) ? 1 : 0; });
  return count;
}

// Goes along a map and the list of the fields that it may have.
class field_reader {
 public:
  explicit field_reader(reader& in) noexcept : in_(in), pairs_left_(in.map()) { next_key(); }

  template <class T>
  void operator()(std::uint64_t key, T& value) {
    while (has_key_ && key_ < key) skip_unknown();
    if (!has_key_ || key_ != key) {
      is_complete_ = is_complete_ && is_optional<T>;
      return;
    }
    if constexpr (is_optional<T>)
      value_codec<typename T::value_type>::read(in_, value.emplace());
    else
      value_codec<T>::read(in_, value);
    next_key();
  }

  void finish() noexcept {
    while (has_key_) skip_unknown();
  }

  bool is_complete() const noexcept { return is_complete_; }
  std::uint64_t unknown() const noexcept { return unknown_; }

 private:
  // Refuses a key that is not greater than the one before it, so that no field is given twice and means two things to
  // two readers.
  void next_key() noexcept {
    has_key_ = pairs_left_ != 0;
    if (!has_key_) return;
    --pairs_left_;
    const std::uint64_t key = in_.unsigned_integer();
    if (!is_first_ && key <= key_) in_.fail();
    is_first_ = false;
    key_ = key;
    has_key_ = in_.ok();
  }

  void skip_unknown() noexcept {
    in_.skip();
    ++unknown_;
    next_key();
  }

  reader& in_;
  std::uint64_t pairs_left_;
  std::uint64_t key_ = 0;  // of the next value, if has_key_
  std::uint64_t unknown_ = 0;
  bool has_key_ = false;
  bool is_first_ = true;
  bool is_complete_ = true;
};

}  // namespace detail

// Returns the number of bytes that `write_fields` appends.
template <class Fields>
std::size_t fields_size(const auto& object) noexcept {
  std::size_t size = head_size(detail::field_count<Fields>(object));
  Fields::visit(object, [&](std::uint64_t key, const auto& field) {
    const auto* value = detail::present(field);
    if (value) size += head_size(key) + value_codec<std::remove_cvref_t<decltype(*value)>>::size(*value);
  });
  return size;
}

// Appends an object as a map. Throws std::bad_alloc.
template <class Fields, class Buffer>
void write_fields(writer<Buffer>& out, const auto& object) {
  out.map(detail::field_count<Fields>(object));
  Fields::visit(object, [&](std::uint64_t key, const auto& field) {
    const auto* value = detail::present(field);
    if (!value) return;
    out.unsigned_integer(key);
    value_codec<std::remove_cvref_t<decltype(*value)>>::write(out, *value);
  });
}

struct found_fields {
  bool is_complete = false;   // there was no error, and no required field is missing
  std::uint64_t unknown = 0;  // the number of keys that were passed over since the list does not have them
};

// Reads a map into an object. A field that is missing or cannot be read keeps its value.
template <class Fields>
found_fields read_fields(reader& in, auto& object) {
  detail::field_reader fields(in);
  Fields::visit(object, fields);
  fields.finish();
  return {in.ok() && fields.is_complete(), fields.unknown()};
}

}  // namespace reinstate::cbor

#endif
