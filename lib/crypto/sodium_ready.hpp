// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_SODIUM_READY_HPP
#define REINSTATE_CRYPTO_SODIUM_READY_HPP

#include <sodium.h>

#include <cstdlib>

namespace reinstate::crypto {

// Makes libsodium choose its implementations and find its random source: required before a call that draws random bytes
// or allocates guarded memory. Ends the process if there is no random source, as libsodium does: no key would be safe.
inline void sodium_ready() noexcept {
  static const int state = sodium_init();
  if (state < 0) std::abort();
}

}  // namespace reinstate::crypto

#endif
