// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_RANDOM_HPP
#define REINSTATE_CRYPTO_RANDOM_HPP

#include "crypto/bytes.hpp"

#include <reinstate/secret_bytes.hpp>

namespace reinstate::crypto {

// Fills the buffer from the system's random source. If that fails, the process ends: no key would be safe.
void fill_random(writable_bytes buffer) noexcept;

template <std::size_t N>
byte_array<N> random_array() noexcept {
  byte_array<N> out{};
  fill_random(out);
  return out;
}

// Returns a new secret in guarded memory.
secret_bytes random_secret(std::size_t size);

}  // namespace reinstate::crypto

#endif
