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

// What lies in the folder of a backup set, apart from the licenses. [docs/format.md, "The folder"]

namespace reinstate::archive {

using crypto::byte_array;
using crypto::byte_span;

using set_id = byte_array<16>;

inline constexpr std::uint32_t max_generation = 999'999;
inline constexpr std::uint32_t max_volume = 999;

// The most generations that build on each other, counting the one that holds everything.
inline constexpr std::size_t max_chain = 64;

// Where README.txt is taken by a text of somebody else's, ours goes by the second name.
inline constexpr std::string_view readme_names[] = {"README.txt", "README-reinstate.txt"};
std::string manifest_name(std::uint32_t generation);                      // 000001/manifest
std::string manifest_copy_name(std::uint32_t generation);                 // 000001/manifest-copy
std::string volume_name(std::uint32_t generation, std::uint32_t volume);  // 000001/licenses-001.age
std::string index_name(std::uint32_t generation);                         // 000001/index.age

// The name of a key slot: recovery-000001-passphrase-5fe1c0de.age. [docs/format.md, "Key slots"]
struct recovery_name {
  std::uint32_t generation = 0;  // the one its set began with
  slot_kind kind = slot_kind::passphrase;
  byte_array<4> tag{};  // how the digest of its content begins: tells a damaged file without any list

  friend bool operator==(const recovery_name&, const recovery_name&) = default;
};

std::string format_recovery_name(const recovery_name& name);
std::optional<recovery_name> parse_recovery_name(std::string_view name);
byte_array<4> recovery_tag(byte_span content) noexcept;

// How the names of all slots of a set begin: recovery-000001.
std::string recovery_prefix(std::uint32_t generation);

// The generation a name of one of these kinds belongs to; nothing for any other name.
std::optional<std::uint32_t> generation_of(std::string_view name);

// Whether a name is that of a manifest, by which alone a generation exists.
bool is_manifest_name(std::string_view name);

// The text of README.txt: the same on every medium, since nothing in it may depend on what nobody has verified.
std::string_view readme_text();

// The keys that belong to a set, not to a machine. Whoever holds them can read the set and write to it.
struct set_keys {
  set_id id{};
  secret_bytes recovery;        // X25519 private key: opens every license file of the set
  secret_bytes authentication;  // 32 bytes: makes and checks the code of every manifest

  x25519_public_key recipient() const;
};

// New keys for a set that begins on the machine whose store key this is; or on one that has none yet, and will not know
// the set again.
set_keys make_set_keys(const secret_bytes& store_key, recovery_key_storage kept);
set_keys make_set_keys();

// The authentication key of a set that began on the machine whose store key this is. Derived, so that the machine needs
// to keep nothing to add to its own sets and to trust them. Another one for each way the key is kept: who once read a
// key in the open must not be able to make what passes for a set that a passphrase protects.
secret_bytes authentication_key(const secret_bytes& store_key, const set_id& id, recovery_key_storage kept);

// What every key slot holds, and age -d prints: an age identity file with two comments.
secret_bytes write_recovery(const set_keys& keys);

// Errors: key_slot_damaged.
result<set_keys> parse_recovery(const secret_bytes& text);

}  // namespace reinstate::archive

#endif
