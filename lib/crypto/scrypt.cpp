// SPDX-License-Identifier: BSL-1.0
#include "crypto/scrypt.hpp"

#include "crypto/sodium_ready.hpp"

#include <cstdint>

namespace reinstate::crypto {

result<secret_bytes> scrypt(const secret_bytes& passphrase, byte_span salt, unsigned work_factor) {
  sodium_ready();
  secret_bytes key = secret_bytes::locked(32);
  if (crypto_pwhash_scryptsalsa208sha256_ll(raw(passphrase.expose()), passphrase.size(), raw(salt), salt.size(),
                                            std::uint64_t{1} << work_factor, 8, 1, raw(key.expose_writable()),
                                            key.size()) != 0)
    return errc::out_of_memory;
  return key;
}

}  // namespace reinstate::crypto
