// SPDX-License-Identifier: BSL-1.0
#include "crypto/bytes.hpp"
#include "crypto/sodium_ready.hpp"

#include <reinstate/secret_bytes.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace reinstate {

secret_bytes::secret_bytes(std::size_t size, bool locked) : size_(size), locked_(locked) {
  if (size == 0) return;
  crypto::sodium_ready();
  data_ = static_cast<std::byte*>(locked ? sodium_malloc(size) : ::operator new(size, std::nothrow));
  if (data_ == nullptr) throw std::bad_alloc();
  std::fill_n(data_, size, std::byte{0});
}

secret_bytes::secret_bytes(std::size_t size) : secret_bytes(size, false) {
}

secret_bytes secret_bytes::locked(std::size_t size) {
  return {size, true};
}

secret_bytes secret_bytes::copy_of(std::span<const std::byte> bytes) {
  secret_bytes out(bytes.size(), false);
  std::copy(bytes.begin(), bytes.end(), out.data_);
  return out;
}

secret_bytes secret_bytes::locked_copy_of(std::span<const std::byte> bytes) {
  secret_bytes out(bytes.size(), true);
  std::copy(bytes.begin(), bytes.end(), out.data_);
  return out;
}

secret_bytes secret_bytes::locked_copy_of(std::string_view text) {
  return locked_copy_of(crypto::bytes_of(text));
}

secret_bytes::secret_bytes(secret_bytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), locked_(other.locked_) {
}

secret_bytes& secret_bytes::operator=(secret_bytes&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  locked_ = other.locked_;
  return *this;
}

secret_bytes::~secret_bytes() {
  release();
}

secret_bytes secret_bytes::clone() const {
  return locked_ ? locked_copy_of(expose()) : copy_of(expose());
}

void secret_bytes::release() noexcept {
  if (data_ == nullptr) return;
  if (locked_) {
    sodium_free(data_);  // wipes as well
  } else {
    sodium_memzero(data_, size_);
    ::operator delete(data_);
  }
}

bool operator==(const secret_bytes& a, const secret_bytes& b) noexcept {
  return a.size_ == b.size_ && sodium_memcmp(a.data_, b.data_, a.size_) == 0;
}

}  // namespace reinstate
