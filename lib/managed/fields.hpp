// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_FIELDS_HPP
#define REINSTATE_MANAGED_FIELDS_HPP

#include "crypto/bytes.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstddef>

// Layouts of fixed size: one field after the other.

namespace reinstate::managed {

// Returns the bytes of all parts. Precondition: they are `Size` bytes together.
template <std::size_t Size, class... Parts>
crypto::byte_array<Size> concatenated(const Parts&... parts) noexcept {
  assert((std::size(parts) + ...) == Size);
  crypto::byte_array<Size> out{};
  auto end = out.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return out;
}

inline crypto::byte_array<8> bytes_of(std::chrono::sys_seconds instant) noexcept {
  return crypto::big_endian(static_cast<std::uint64_t>(instant.time_since_epoch().count()));
}

// Reads fields one after the other. Precondition: the bytes have them.
class field_reader {
 public:
  explicit field_reader(crypto::byte_span bytes) noexcept : rest_(bytes) {}

  template <std::size_t Size>
  crypto::byte_array<Size> take() noexcept {
    crypto::byte_array<Size> out{};
    std::ranges::copy(rest_.first(Size), out.begin());
    rest_ = rest_.subspan(Size);
    return out;
  }

  unsigned take_number() noexcept { return std::to_integer<unsigned>(take<1>()[0]); }

  std::chrono::sys_seconds take_instant() noexcept {
    std::uint64_t seconds = 0;
    for (const std::byte b : take<8>()) seconds = seconds << 8 | std::to_integer<std::uint64_t>(b);
    return std::chrono::sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
  }

 private:
  crypto::byte_span rest_;
};

}  // namespace reinstate::managed

#endif
