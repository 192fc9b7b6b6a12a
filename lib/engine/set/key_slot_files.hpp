// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_KEY_SLOT_FILES_HPP
#define REINSTATE_ENGINE_SET_KEY_SLOT_FILES_HPP

#include "core/failure.hpp"
#include "crypto/secret_buffer.hpp"
#include "format/archive/archive_set.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restorer.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The files that open a backup set on a machine other than its own. [docs/format.md, "Key slots"]

namespace reinstate::engine {

// The most slots that are read, and the most that a passphrase is tried on: a folder can be full of files with such
// names, and each try may take a gigabyte and seconds.
inline constexpr std::size_t max_slots = 64;
inline constexpr std::size_t max_scrypt_slots = 8;

struct slot_file {
  std::string name;
  slot_kind kind = slot_kind::passphrase;
  crypto::secret_buffer bytes;
  error_code trouble;  // key_slot_damaged, or the error of reading it

  bool is_whole() const noexcept { return !trouble.failed(); }
  bool opens_elsewhere() const noexcept { return is_whole() && kind != slot_kind::machine; }
};

constexpr bool is_scrypt(slot_kind kind) noexcept {
  return kind == slot_kind::passphrase || kind == slot_kind::code;
}

// Returns true if an age identity of the user opens the slot.
constexpr bool is_for_identity(slot_kind kind) noexcept {
  return kind == slot_kind::recipient || kind == slot_kind::key_file || kind == slot_kind::keyring;
}

// Returns the slots of the set that began with a generation, including damaged ones, in order of name.
// Errors: those of listing the medium.
result<std::vector<slot_file>> find_slots(backup_medium& medium, std::uint32_t generation);

// Returns a slot with this content, to be written.
slot_file make_slot(slot_kind kind, std::uint32_t generation, crypto::byte_span content);

// Return a slot that holds the keys of a set. Errors: out_of_memory; invalid_argument for a recipient of low order,
// whose slot no key opens.
result<slot_file> make_scrypt_slot(const archive::set_keys& keys, slot_kind kind, std::uint32_t generation,
                                   const secret_bytes& passphrase, unsigned work_factor);
result<slot_file> make_x25519_slot(const archive::set_keys& keys, slot_kind kind, std::uint32_t generation,
                                   const x25519_public_key& recipient);

// Returns the slots of a new set: the one that the configuration asks for, and that of this machine if it has an
// identity and the key is not readable anyway. Errors: passphrase_required, passphrase_empty, invalid_argument,
// out_of_memory, and those of the passphrase source.
result<std::vector<slot_file>> make_slots(const archive::set_keys& keys, std::uint32_t generation,
                                          const std::optional<x25519_public_key>& machine,
                                          const backup_restorer_config& config);

// Asks a source. Errors: passphrase_required if there is none; passphrase_empty, and those of the source.
result<secret_bytes> ask(const passphrase_source& source, passphrase_purpose purpose);

// Returns a source that remembers the answers of `source`, for an operation that may need them more than once.
passphrase_source asked_once(passphrase_source source);

}  // namespace reinstate::engine

#endif
