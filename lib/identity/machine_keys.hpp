// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IDENTITY_MACHINE_KEYS_HPP
#define REINSTATE_IDENTITY_MACHINE_KEYS_HPP

#include <reinstate/machine_identity.hpp>

#include <cstddef>
#include <span>

namespace reinstate {

// The private keys of one machine, in locked memory, and the operations with them.
//
// The image, in which a file keeps them:
//
//     0    8  "REINSTID"
//     8    1  version, 1
//     9    7  zero
//    16   32  X25519 private key
//    48   32  Ed25519 seed
//    80   32  store key
//   112   32  BLAKE2b-256 of everything before
//
// Every version begins with these nine bytes and ends with such a digest, which tells a newer file from a damaged one.
// The digest finds damage, but does not authenticate: anyone can compute one.
//
// Thread safety: as a built-in type. Using it from several threads at once is safe.
class machine_keys {
 public:
  static constexpr std::size_t image_size = 144;
  static constexpr std::size_t max_image_size = 4096;  // of future versions

  // Returns new keys from the system's random source. Throws std::bad_alloc.
  static machine_keys generate();

  // Reads an image. Errors: identity_damaged; identity_version_unsupported for a whole image of a newer version, which
  // must not be called damaged: the advice for that is to move it away. Throws std::bad_alloc.
  static result<machine_keys> from_image(const secret_bytes& image);

  secret_bytes to_image() const;

  machine_public_identity public_identity() const;
  ed25519_signature sign(std::span<const std::byte> message) const;

  // Errors: invalid_argument for a point of low order.
  result<secret_bytes> agree(const x25519_public_key& peer) const;

  secret_bytes store_key() const { return store_key_.clone(); }

 private:
  machine_keys(secret_bytes agreement, secret_bytes signing_seed, secret_bytes store_key) noexcept;

  secret_bytes agreement_;
  secret_bytes signing_seed_;
  secret_bytes store_key_;
};

}  // namespace reinstate

#endif
