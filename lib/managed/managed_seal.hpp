// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_MANAGED_SEAL_HPP
#define REINSTATE_MANAGED_MANAGED_SEAL_HPP

#include "crypto/hash.hpp"
#include "crypto/secret_buffer.hpp"

#include <reinstate/license.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/owner_proof.hpp>

#include <chrono>
#include <cstddef>

// The inner seal of a managed license: the encoding of its payload in a backup. [docs/managed-licenses.md]
//
//     0   201  seal certificate: the same in every license of a backup
//   201     n  ciphertext, as long as the payload
//   201+n  16  tag
//
//   shared secret   = X25519(ephemeral private key, service key)
//   key of a license = HKDF-SHA-256(shared secret, salt = license id,
//                        info = "reinstate managed license v1" and the BLAKE2b-256 digests of certificate and
//                        statement)
//   ciphertext, tag = ChaCha20-Poly1305(key of the license, nonce = zeros), used once, since each backup has an
//                     ephemeral key of its own and each license once

namespace reinstate::managed {

using crypto::byte_array;
using crypto::byte_span;

inline constexpr std::size_t certificate_size = 201;
inline constexpr std::size_t seal_overhead = certificate_size + 16;
inline constexpr std::size_t license_key_size = 32;

using certificate_bytes = byte_array<certificate_size>;

// The certificate that names the machine and the owner of a backup, signed by that machine:
//
//     0    1  version, 1
//     1   32  ephemeral public key (X25519)
//    33   32  agreement key of the service
//    65   32  origin: the public signing key of the machine
//    97   32  owner: the public recovery key of the backup set
//   129    8  created: seconds since 1970, big-endian
//   137   64  Ed25519 signature of the machine over "reinstate seal certificate v1" and all fields before
struct seal_certificate {
  x25519_public_key ephemeral{};
  x25519_public_key service{};
  machine_id origin{};
  x25519_public_key owner{};
  std::chrono::sys_seconds created{};
};

// Reads and verifies a certificate.
// Errors: license_not_authentic for another size or version, an instant outside of 1970 to 9999, or a wrong signature.
result<seal_certificate> read_certificate(byte_span certificate);

// Seals the managed licenses of one backup.
class payload_sealer {
 public:
  // Draws an ephemeral key and lets the machine sign the certificate.
  // Errors: invalid_argument if `service` is of low order or `created` outside of 1970 to 9999; those of the identity.
  static result<payload_sealer> make(machine_identity& identity, const x25519_public_key& service,
                                     const x25519_public_key& owner, std::chrono::sys_seconds created);

  // Does the same with an ephemeral private key that the caller drew; for test vectors.
  static result<payload_sealer> make(machine_identity& identity, const x25519_public_key& service,
                                     const x25519_public_key& owner, std::chrono::sys_seconds created,
                                     const secret_bytes& ephemeral);

  // Replaces the content of `out` by the sealed payload. Precondition: no license is sealed twice. Throws
  // std::bad_alloc.
  void seal(const license_id& id, byte_span statement, byte_span payload, crypto::secret_buffer& out) const;

  const certificate_bytes& certificate() const noexcept { return certificate_; }

 private:
  payload_sealer(const certificate_bytes& certificate, secret_bytes shared) noexcept;

  certificate_bytes certificate_;
  crypto::digest certificate_digest_;
  secret_bytes shared_;
};

// Returns the key of a license; for the service. `shared` is the X25519 secret of its private key and the ephemeral key
// of the certificate.
secret_bytes license_key(const secret_bytes& shared, const license_id& id, byte_span certificate, byte_span statement);

// Returns the certificate at the beginning of a sealed payload. Errors: license_not_authentic if it is too short.
result<byte_span> certificate_of(byte_span sealed);

// Replaces the content of `out` by the payload.
// Errors: license_not_authentic if the key is of another license or a bit was changed. Throws std::bad_alloc.
result<void> open_payload(const secret_bytes& key, byte_span sealed, crypto::secret_buffer& out);

}  // namespace reinstate::managed

#endif
