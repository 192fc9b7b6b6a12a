// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_RECIPIENT_HPP
#define REINSTATE_FORMAT_AGE_AGE_RECIPIENT_HPP

#include "format/age/age_header.hpp"
#include "format/age/age_stream.hpp"

#include <reinstate/machine_identity.hpp>

#include <optional>

// Encrypting an age v1 file.

namespace reinstate::age {

// Returns a stanza that only the holder of the X25519 private key can open.
// Errors: no_match if the key is of low order, so that no private key belongs to it.
result<stanza> wrap_x25519(const x25519_public_key& recipient, const secret_bytes& file_key);

// Returns a stanza that a passphrase opens; it must be the only one of its file.
// Errors: out_of_memory.
result<stanza> wrap_scrypt(const secret_bytes& passphrase, unsigned work_factor, const secret_bytes& file_key);

// The start of a new file, up to its first chunk, and the key of its chunks.
struct file_start {
  std::vector<std::byte> bytes;  // header and payload nonce
  stream_key key;
};

// Draws the file key and wraps it for each recipient. Preconditions: there is at least one.
// Errors: as wrap_x25519.
result<file_start> start_file(std::span<const x25519_public_key> recipients);

// Returns a whole file of one chunk for one passphrase. Errors: out_of_memory.
result<std::vector<std::byte>> encrypt_with_passphrase(const secret_bytes& passphrase, unsigned work_factor,
                                                       byte_span plaintext);

// Returns a whole file of one chunk for one recipient. Errors: as wrap_x25519.
result<std::vector<std::byte>> encrypt_to_recipient(const x25519_public_key& recipient, byte_span plaintext);

// Returns the public key in "age1...", or nullopt for any other text.
std::optional<x25519_public_key> parse_recipient(std::string_view text);

// Returns the text "age1..." of a recipient.
std::string recipient_text(const x25519_public_key& recipient);

// Returns the text "AGE-SECRET-KEY-1..." of a private key.
secret_bytes identity_text(const secret_bytes& private_key);

}  // namespace reinstate::age

#endif
