// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_KEY_WRAP_HPP
#define REINSTATE_MANAGED_KEY_WRAP_HPP

#include "managed/managed_seal.hpp"

#include <array>
#include <cstddef>

// How the key of a license travels from the service to one machine. [docs/managed-licenses.md]
//
//   wrapping key = HKDF-SHA-256(X25519 of service and machine, salt = id of the request,
//                    info = "reinstate key to machine v1", license id, BLAKE2b-256 of certificate and of statement)
//   wrapped      = ChaCha20-Poly1305(wrapping key, nonce = zeros, key of the license)
//
// All that the key of a license depends on goes into its wrapping key. So whatever is asked for, and however often, a
// wrapping key is never used for two keys.

namespace reinstate::managed {

using request_id = std::array<std::byte, 16>;

inline constexpr std::size_t wrapped_key_size = license_key_size + 16;
using wrapped_key = byte_array<wrapped_key_size>;

// `shared` is what X25519 of the service's and the machine's agreement keys gives, on either side.
wrapped_key wrap_key(const secret_bytes& shared, const request_id& request, const license_id& id, byte_span certificate,
                     byte_span statement, const secret_bytes& license_key);

// Errors: service_not_authentic where somebody else wrapped it, or for another request.
result<secret_bytes> unwrap_key(const secret_bytes& shared, const request_id& request, const license_id& id,
                                byte_span certificate, byte_span statement, const wrapped_key& wrapped);

}  // namespace reinstate::managed

#endif
