// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_PROOF_CODEC_HPP
#define REINSTATE_MANAGED_PROOF_CODEC_HPP

#include "crypto/bytes.hpp"

#include <reinstate/managed/owner_proof.hpp>

#include <cstddef>

// An owner proof as bytes: [docs/managed-licenses.md]
//
//     0    1  version, 1
//     1    1  action
//     2   32  recipient: the public recovery key
//    34   32  asking: the machine that sends the request
//    66   32  subject: the machine to release, or zeros
//    98    8  created: seconds since 1970, big-endian
//   106   16  id, random
//   122   32  code = HMAC-SHA-256(key, all fields before)
//
//   key = HKDF-SHA-256(X25519 of recovery key and service key, salt = recipient, info = "reinstate owner proof v1")

namespace reinstate::managed {

inline constexpr std::size_t owner_proof_size = 154;
using owner_proof_bytes = crypto::byte_array<owner_proof_size>;

owner_proof_bytes encode(const owner_proof& proof) noexcept;

// Reads a proof without a check of its code.
// Errors: ownership_not_proven for another size, version or action, or an instant outside of 1970 to 9999.
result<owner_proof> read_owner_proof(crypto::byte_span bytes);

// Returns the code of a proof. `shared` is the X25519 secret of the recovery key and the agreement key of the service.
crypto::byte_array<32> mac_of(const owner_proof& proof, const secret_bytes& shared);

// Checks the code of a proof; for the service. Errors: ownership_not_proven.
result<void> check_owner_proof(const owner_proof& proof, const secret_bytes& service_agreement_key);

}  // namespace reinstate::managed

#endif
