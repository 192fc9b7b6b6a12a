// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_SCRYPT_HPP
#define REINSTATE_CRYPTO_SCRYPT_HPP

#include "crypto/bytes.hpp"

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

namespace reinstate::crypto {

// Derives 32 bytes with scrypt (RFC 7914), r = 8, p = 1, N = 2^work_factor, as age does. Takes 2^work_factor KiB of
// memory; the caller bounds `work_factor` before calling. Errors: out_of_memory.
result<secret_bytes> scrypt(const secret_bytes& passphrase, byte_span salt, unsigned work_factor);

}  // namespace reinstate::crypto

#endif
