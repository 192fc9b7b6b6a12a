// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_KEY_WRAP_HPP
#define REINSTATE_MANAGED_KEY_WRAP_HPP

#include "managed/managed_seal.hpp"

#include <array>
#include <cstddef>

// The encryption of the key of a license by the service for one machine. [docs/managed-licenses.md]
//
//   wrapping key = HKDF-SHA-256(X25519 of service and machine, salt = id of the request,
//                    info = "reinstate key to machine v1", license id, BLAKE2b-256 of certificate and of statement)
//   wrapped      = ChaCha20-Poly1305(wrapping key, nonce = zeros, key of the license)
//
// The wrapping key depends on all inputs of the key of the license. So no sequence of requests makes one wrapping key
// encrypt two keys.

namespace reinstate::managed {

using request_id = std::array<std::byte, 16>;

inline constexpr std::size_t wrapped_key_size = license_key_size + 16;
using wrapped_key = byte_array<wrapped_key_size>;

// Encrypts the key of a license. `shared` is the X25519 secret of the agreement keys of the service and the machine.
wrapped_key wrap_key(const secret_bytes& shared, const request_id& request, const license_id& id, byte_span certificate,
                     byte_span statement, const secret_bytes& license_key);

// Decrypts the key of a license. Errors: service_not_authentic if it was not wrapped by this service for this request.
result<secret_bytes> unwrap_key(const secret_bytes& shared, const request_id& request, const license_id& id,
                                byte_span certificate, byte_span statement, const wrapped_key& wrapped);

}  // namespace reinstate::managed

#endif
