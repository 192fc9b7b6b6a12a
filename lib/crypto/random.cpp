// SPDX-License-Identifier: BSL-1.0
#include "crypto/random.hpp"

#include "crypto/sodium_ready.hpp"

namespace reinstate::crypto {

void fill_random(writable_bytes buffer) noexcept {
  sodium_ready();
  randombytes_buf(buffer.data(), buffer.size());
}

secret_bytes random_secret(std::size_t size) {
  secret_bytes out = secret_bytes::locked(size);
  fill_random(out.expose_writable());
  return out;
}

}  // namespace reinstate::crypto
