// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_SEAL_HPP
#define REINSTATE_STORE_LICENSE_SEAL_HPP

#include "crypto/bytes.hpp"

#include <reinstate/license.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace reinstate::store {

// What is bound into a seal, built here to be used again from call to call.
using seal_context = std::vector<std::byte>;

// Random nonces, drawn many at a time: asking the system for each would cost a twentieth of filling a store.
// Thread safety: one call at a time.
class nonce_supply {
 public:
  static constexpr std::size_t nonce_size = 24;

  nonce_supply() noexcept {}
  nonce_supply(nonce_supply&&) noexcept : nonce_supply() {}  // draws anew: no nonce is ever given twice

  crypto::byte_array<nonce_size> next() noexcept;

 private:
  std::array<std::byte, 64 * nonce_size> drawn_;
  std::size_t used_ = sizeof drawn_;
};

// Seals the payloads of one machine's store, so that only this machine opens them and only in the row they were sealed
// for.
//
// A sealed payload is a random 24-byte nonce, then XChaCha20-Poly1305 under HKDF-SHA-256(store key, salt =
// fingerprint of the machine, "reinstate sqlite license store v1"). Every other field of the record is authenticated
// with it: change one and the seal no longer opens.
//
// Does not guarantee: that a whole row, or the whole database, is not put back as it once was.
// Thread safety: any function from any thread.
class license_seal {
 public:
  static constexpr std::size_t overhead = nonce_supply::nonce_size + 16;  // and the tag
  static constexpr std::size_t payload_offset = nonce_supply::nonce_size;

  // Asks the machine for its keys. Errors: those of the identity.
  static result<license_seal> of(machine_identity& machine);

  // Which machine it is, to be told apart from others: the digest of its public agreement key.
  crypto::byte_span fingerprint() const noexcept { return fingerprint_; }

  // Writes the sealed payload of `record` to `sealed`, which has room for it and the overhead. The payload may lie in
  // `sealed`, `payload_offset` from its start, and is sealed where it is. Throws std::bad_alloc.
  void seal(const license_record& record, nonce_supply& nonces, seal_context& context,
            crypto::writable_bytes sealed) const;

  // What is bound into the seal of a record, without its metadata, which follow.
  static constexpr std::size_t head_size = 59;
  static void write_head(const license_record& record, std::span<std::byte, head_size> head) noexcept;

  // Opens a payload where it lies; nothing, and wiped, where the seal was made on another machine or anything was
  // altered. `context` is the head of its record and the metadata.
  std::optional<crypto::writable_bytes> open(crypto::writable_bytes sealed, crypto::byte_span context) const noexcept;

  // A value that only this machine makes and recognizes: proof that a database is its own.
  std::vector<std::byte> proof() const;
  [[nodiscard]] bool recognizes(crypto::byte_span proof) const noexcept;

 private:
  license_seal(crypto::byte_array<32> fingerprint, secret_bytes key)
      : fingerprint_(fingerprint), key_(std::move(key)) {}

  crypto::byte_array<32> fingerprint_;
  secret_bytes key_;
};

}  // namespace reinstate::store

#endif
