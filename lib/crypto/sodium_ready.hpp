// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_SODIUM_READY_HPP
#define REINSTATE_CRYPTO_SODIUM_READY_HPP

#include <sodium.h>

#include <cstdlib>

namespace reinstate::crypto {

// Makes libsodium choose its implementations and find its random source: required before anything that draws random
// bytes or fenced memory. Without a random source nothing here could be safe, so the process ends, as in libsodium.
inline void sodium_ready() noexcept {
  static const int state = sodium_init();
  if (state < 0) std::abort();
}

}  // namespace reinstate::crypto

#endif
