// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_REVOCATION_LIST_HPP
#define REINSTATE_MANAGED_REVOCATION_LIST_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/note_store.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// Every revocation by one issuer so far. A license is revoked if its id, its key id, or the user its statement names is
// listed. [C133, C134]
struct revocation_list {
  std::string issuer;
  std::uint64_t version = 0;  // increases with every list of this issuer: the higher version replaces the lower
  std::chrono::sys_seconds issued{};
  std::vector<license_id> licenses;  // in ascending order without duplicates, as are the next two
  std::vector<key_id> keys;
  std::vector<std::string> users;  // UTF-8, not empty

  friend bool operator==(const revocation_list&, const revocation_list&) = default;
};

// A list and the public key it was signed with.
struct signed_revocation_list {
  revocation_list list;
  ed25519_public_key signer{};
};

// Encodes and signs a list: its bytes, its issuer's public key, and an Ed25519 signature over both. Sorts the entries.
// For issuers.
// Errors: invalid_argument if a text is empty, longer than 255 bytes or not UTF-8, `issued` is outside the years 1970
// to 9999, or the seed has another size than 32 bytes. Throws std::bad_alloc.
result<std::vector<std::byte>> sign_revocation_list(revocation_list list, const secret_bytes& issuer_seed);

// Decodes a signed list and verifies its signature. The caller must check that the key belongs to a trusted issuer.
// Errors: revocation_list_invalid. Throws std::bad_alloc.
result<signed_revocation_list> parse_revocation_list(std::span<const std::byte> list);

// Returns true if a list names the license. `user` is empty if the license has no statement.
bool is_revoked(const revocation_list& list, const license_id& id, const key_id& key, std::string_view user) noexcept;

// Stores a list in the notes of a store, unless a newer list of its issuer is there. Every later restore applies it. A
// restore stores the lists that a service sends; call this for lists obtained another way.
// Errors: revocation_list_invalid, and those of the notes.
result<void> store_revocation_list(note_store& notes, std::span<const std::byte> list);

// Returns the newest stored list of an issuer, or nullopt if there is none.
// Errors: revocation_list_invalid if the note is damaged, and those of the notes.
result<std::optional<revocation_list>> find_revocation_list(note_store& notes, const ed25519_public_key& issuer);

}  // namespace reinstate

#endif
