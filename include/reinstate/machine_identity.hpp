// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MACHINE_IDENTITY_HPP
#define REINSTATE_MACHINE_IDENTITY_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace reinstate {

using x25519_public_key = std::array<std::byte, 32>;
using ed25519_public_key = std::array<std::byte, 32>;
using ed25519_signature = std::array<std::byte, 64>;

// The public keys of a machine.
struct machine_public_identity {
  x25519_public_key agreement{};  // backups are encrypted to it
  ed25519_public_key signing{};   // its signatures are verified with it

  friend bool operator==(const machine_public_identity&, const machine_public_identity&) = default;
};

// The private keys that identify this installation as one machine. A new installation has none: individualizing creates
// them, once, and only with the user's permission. [C111, C112]
//
// Guarantees: the keys never change after individualization; private keys do not leave the object.
// Errors of every function except individualize: needs_individualization, identity_exposed, identity_damaged,
// identity_version_unsupported, and those of the path where the keys are kept.
// Thread safety: any function from any thread, because a store and the operations on it share one identity.
class machine_identity {
 public:
  virtual ~machine_identity() = default;

  // Returns the public keys.
  virtual result<machine_public_identity> public_identity() = 0;

  // Returns an Ed25519 signature (RFC 8032) of the message.
  virtual result<ed25519_signature> sign(std::span<const std::byte> message) = 0;

  // Returns the X25519 shared secret (RFC 7748) of this machine and `peer`: 32 bytes.
  // Errors: invalid_argument if `peer` is a point of low order, which would make the secret predictable.
  virtual result<secret_bytes> agree(const x25519_public_key& peer) = 0;

  // Returns the 32-byte key with which this machine seals its local data, such as the payloads in its store.
  virtual result<secret_bytes> store_key() = 0;

  // Creates the keys and makes them durable; does nothing if they exist.
  // Errors: individualizing if another caller is creating them at the moment [C118], individualization_failed,
  // path_not_found, path_not_accessible, medium_read_only, medium_full.
  virtual result<void> individualize() = 0;
};

}  // namespace reinstate

#endif
