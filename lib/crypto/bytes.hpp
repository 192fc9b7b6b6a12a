// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_BYTES_HPP
#define REINSTATE_CRYPTO_BYTES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace reinstate::crypto {

using byte_span = std::span<const std::byte>;
using writable_bytes = std::span<std::byte>;

template <std::size_t N>
using byte_array = std::array<std::byte, N>;

// Returns the bytes of a text, without its terminator.
inline byte_span bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// Returns the bytes as characters.
inline std::string_view text_of(byte_span bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Returns the bytes of a number, the highest first.
constexpr byte_array<8> big_endian(std::uint64_t number) noexcept {
  byte_array<8> out{};
  for (std::size_t i = out.size(); i != 0; number >>= 8) out[--i] = static_cast<std::byte>(number & 0xff);
  return out;
}

// Returns the pointer that libsodium's functions take: never null, which some of them do not permit even for no bytes.
inline const unsigned char* raw(byte_span bytes) noexcept {
  static constexpr unsigned char no_byte = 0;
  return bytes.empty() ? &no_byte : reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* raw(writable_bytes bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace reinstate::crypto

#endif
