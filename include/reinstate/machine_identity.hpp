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

// What others may know of a machine.
struct machine_public_identity {
  x25519_public_key agreement{};  // backups are encrypted to it
  ed25519_public_key signing{};   // its signatures are checked with it

  friend bool operator==(const machine_public_identity&, const machine_public_identity&) = default;
};

// The keys that make this installation one machine. A new installation has none: individualizing creates them, once,
// and only with the user's permission. [C111, C112]
//
// Guarantees: the keys never change after individualization; private keys do not leave the object.
// Errors of every function but individualize: needs_individualization, identity_exposed, identity_damaged,
// identity_version_unsupported, and those of the path the keys are kept at.
// Thread safety: any function from any thread, since a store and the operations on it share one identity.
class machine_identity {
 public:
  virtual ~machine_identity() = default;

  virtual result<machine_public_identity> public_identity() = 0;

  // Signs with Ed25519 (RFC 8032).
  virtual result<ed25519_signature> sign(std::span<const std::byte> message) = 0;

  // The X25519 shared secret (RFC 7748) of this machine and `peer`: 32 bytes.
  // Errors: invalid_argument where `peer` is a point of low order, which would make the secret predictable.
  virtual result<secret_bytes> agree(const x25519_public_key& peer) = 0;

  // The 32-byte key under which this machine seals what it keeps: payloads in its store, among others.
  virtual result<secret_bytes> store_key() = 0;

  // Creates the keys and makes them durable; does nothing where they exist.
  // Errors: individualizing where somebody else is just making them [C118], individualization_failed, path_not_found,
  // path_not_accessible, medium_read_only, medium_full.
  virtual result<void> individualize() = 0;
};

}  // namespace reinstate

#endif
