// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_SECRET_BUFFER_HPP
#define REINSTATE_CRYPTO_SECRET_BUFFER_HPP

#include <sodium.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace reinstate::crypto {

// Overwrites memory before freeing it, so that a buffer that grows leaves no copy of its old content.
template <class T>
struct wiping_allocator {
  using value_type = T;

  wiping_allocator() noexcept = default;
  template <class U>
  wiping_allocator(const wiping_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* p, std::size_t n) noexcept {
    sodium_memzero(p, n * sizeof(T));
    std::allocator<T>().deallocate(p, n);
  }

  friend bool operator==(const wiping_allocator&, const wiping_allocator&) noexcept { return true; }
};

// Working memory for plaintext of licenses: ordinary memory, wiped.
using secret_buffer = std::vector<std::byte, wiping_allocator<std::byte>>;

}  // namespace reinstate::crypto

#endif
