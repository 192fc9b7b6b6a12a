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

// The data that a seal authenticates besides the payload; a buffer that is reused from call to call.
using seal_context = std::vector<std::byte>;

// A supply of random nonces, drawn many at a time: a system call for each would take a twentieth of filling a store.
// Thread safety: one call at a time.
class nonce_supply {
 public:
  static constexpr std::size_t nonce_size = 24;

  nonce_supply() noexcept {}
  nonce_supply(nonce_supply&&) noexcept : nonce_supply() {}  // draws new ones: no nonce is ever returned twice

  crypto::byte_array<nonce_size> next() noexcept;

 private:
  std::array<std::byte, 64 * nonce_size> drawn_;
  std::size_t used_ = sizeof drawn_;
};

// Seals the payloads of one machine's store: only this machine opens them, and only in the row they were sealed for.
//
// A sealed payload is a random 24-byte nonce, then XChaCha20-Poly1305 under HKDF-SHA-256(store key, salt =
// fingerprint of the machine, "reinstate sqlite license store v1"). Every other field of the record is authenticated
// with it: if one is changed, the seal no longer opens.
//
// Does not detect that a whole row, or the whole database, was replaced with an older copy.
// Thread safety: any function from any thread.
class license_seal {
 public:
  static constexpr std::size_t overhead = nonce_supply::nonce_size + 16;  // and the tag
  static constexpr std::size_t payload_offset = nonce_supply::nonce_size;

  // Derives the keys of the seal from those of the machine. Errors: those of the identity.
  static result<license_seal> of(machine_identity& identity);

  // Returns the digest of the machine's public agreement key, which tells machines apart.
  crypto::byte_span fingerprint() const noexcept { return fingerprint_; }

  // Writes the sealed payload of `record` to `sealed`, which has the size of the payload and the overhead. The payload
  // may lie in `sealed`, `payload_offset` from its start, and is then sealed in place. Throws std::bad_alloc.
  void seal(const license_record& record, nonce_supply& nonces, seal_context& context,
            crypto::writable_bytes sealed) const;

  // The part of the context before the metadata of the record.
  static constexpr std::size_t head_size = 59;
  static void write_head(const license_record& record, std::span<std::byte, head_size> head) noexcept;

  // Decrypts a payload in place. Returns nullopt, with the bytes wiped, if the seal was made on another machine or
  // anything was altered. `context` is the head of the record and its metadata.
  std::optional<crypto::writable_bytes> open(crypto::writable_bytes sealed, crypto::byte_span context) const noexcept;

  // Returns a value that only this machine can make and recognize: proof that a database is its own.
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
