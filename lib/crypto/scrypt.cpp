// SPDX-License-Identifier: BSL-1.0
#include "scrypt.hpp"

#include "sodium_ready.hpp"

#include <cstdint>

namespace reinstate::crypto {

result<secret_bytes> scrypt(const secret_bytes& passphrase, byte_span salt, unsigned work_factor) {
  sodium_ready();
  secret_bytes key = secret_bytes::locked(32);
  if (crypto_pwhash_scryptsalsa208sha256_ll(
          reinterpret_cast<const std::uint8_t*>(passphrase.expose().data()), passphrase.size(),
          reinterpret_cast<const std::uint8_t*>(salt.data()), salt.size(), std::uint64_t{1} << work_factor, 8, 1,
          reinterpret_cast<std::uint8_t*>(key.expose_writable().data()), key.size()) != 0)
    return errc::out_of_memory;
  return key;
}

}  // namespace reinstate::crypto
