// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_BYTES_FOR_TESTS_HPP
#define REINSTATE_TESTS_BYTES_FOR_TESTS_HPP

#include "crypto/bytes.hpp"
#include "crypto/sodium_ready.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate::tests {

using bytes = std::vector<std::byte>;

inline bytes from_hex(std::string_view hex) {
  bytes out(hex.size() / 2);
  if (out.empty()) return out;
  std::size_t size = 0;
  if (sodium_hex2bin(crypto::raw(crypto::writable_bytes(out)), out.size(), hex.data(), hex.size(), nullptr, &size,
                     nullptr) != 0 ||
      2 * size != hex.size())
    throw std::invalid_argument("not hexadecimal");
  return out;
}

template <std::size_t N>
crypto::byte_array<N> array_from_hex(std::string_view hex) {
  const bytes from = from_hex(hex);
  crypto::byte_array<N> out{};
  if (from.size() != N) throw std::invalid_argument("not of this size");
  std::ranges::copy(from, out.begin());
  return out;
}

inline std::string to_hex(crypto::byte_span from) {
  std::string out(2 * from.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), crypto::raw(from), from.size());
  out.pop_back();
  return out;
}

inline bytes repeated(unsigned value, std::size_t count) {
  return bytes(count, static_cast<std::byte>(value));
}

// first, first + 1, ...
inline bytes counting(unsigned first, std::size_t count) {
  bytes out;
  for (std::size_t i = 0; i != count; ++i) out.push_back(static_cast<std::byte>((first + i) & 0xff));
  return out;
}

// Memory that ends where a page that nobody may touch begins: one byte too far ends the test.
class guarded {
 public:
  explicit guarded(std::size_t size) : size_(size) {
    crypto::sodium_ready();
    data_ = static_cast<std::byte*>(sodium_malloc(size));
    if (data_ == nullptr) throw std::bad_alloc();
  }
  explicit guarded(crypto::byte_span from) : guarded(from.size()) { std::ranges::copy(from, data_); }
  guarded(const guarded&) = delete;
  guarded& operator=(const guarded&) = delete;
  ~guarded() { sodium_free(data_); }

  crypto::byte_span get() const noexcept { return {data_, size_}; }
  crypto::writable_bytes writable() noexcept { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

inline bool same_bytes(crypto::byte_span a, crypto::byte_span b) {
  return std::ranges::equal(a, b);
}

}  // namespace reinstate::tests

#endif
