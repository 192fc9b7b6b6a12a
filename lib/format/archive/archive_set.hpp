// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_ARCHIVE_ARCHIVE_SET_HPP
#define REINSTATE_FORMAT_ARCHIVE_ARCHIVE_SET_HPP

#include "crypto/bytes.hpp"

#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/recovery/recovery_key.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The files of a backup set, apart from the volumes. [docs/format.md, "The folder"]

namespace reinstate::archive {

using crypto::byte_array;
using crypto::byte_span;

using set_id = byte_array<16>;

inline constexpr std::uint32_t max_generation = 999'999;
inline constexpr std::uint32_t max_volume = 999;

// The most generations in a chain, counting the full one.
inline constexpr std::size_t max_chain = 64;

// The second name is used if the folder has another README.txt, which is not the text below.
inline constexpr std::string_view readme_names[] = {"README.txt", "README-reinstate.txt"};
std::string manifest_name(std::uint32_t generation);                      // 000001/manifest
std::string manifest_copy_name(std::uint32_t generation);                 // 000001/manifest-copy
std::string volume_name(std::uint32_t generation, std::uint32_t volume);  // 000001/licenses-001.age
std::string index_name(std::uint32_t generation);                         // 000001/index.age

// The name of a key slot: recovery-000001-passphrase-5fe1c0de.age. [docs/format.md, "Key slots"]
struct recovery_name {
  std::uint32_t generation = 0;  // the first of its set
  slot_kind kind = slot_kind::passphrase;
  byte_array<4> tag{};  // the start of the digest of its content, so that a damaged file is detected without any list

  friend bool operator==(const recovery_name&, const recovery_name&) = default;
};

std::string format_recovery_name(const recovery_name& name);
std::optional<recovery_name> parse_recovery_name(std::string_view name);
byte_array<4> recovery_tag(byte_span content) noexcept;

// Returns the start of the names of all key slots of a set: recovery-000001.
std::string recovery_prefix(std::uint32_t generation);

// Returns the generation that a name of one of these kinds belongs to; nullopt for any other name.
std::optional<std::uint32_t> generation_of(std::string_view name);

// Returns true if a name is that of a manifest, whose existence alone commits a generation.
bool is_manifest_name(std::string_view name);

// Returns the text of README.txt: the same on every medium, since it may not depend on data that is not verified.
std::string_view readme_text();

// The keys that belong to a set, not to a machine. Their holder can read the set and write to it.
struct set_keys {
  set_id id{};
  secret_bytes recovery;        // X25519 private key: opens every volume of the set
  secret_bytes authentication;  // 32 bytes: makes and checks the authentication code of every manifest

  x25519_public_key recipient() const;
};

// Makes keys for a set that begins on the machine with this store key; or on a machine that has none yet and will not
// recognize the set as its own.
set_keys make_set_keys(const secret_bytes& store_key, recovery_key_storage storage);
set_keys make_set_keys();

// Returns the authentication key of a set that began on the machine with this store key. It is derived, so that the
// machine adds to its own sets and trusts them without any stored secret of the set. It differs by the storage of the
// recovery key: an attacker who once read a readable key cannot forge a set that a passphrase protects.
secret_bytes authentication_key(const secret_bytes& store_key, const set_id& id, recovery_key_storage storage);

// Returns the content of every key slot, which age -d prints: an age identity file with two comments.
secret_bytes write_recovery(const set_keys& keys);

// Reads the content of a key slot. Errors: key_slot_damaged.
result<set_keys> parse_recovery(const secret_bytes& text);

}  // namespace reinstate::archive

#endif
