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

// Everything that one issuer has revoked so far. A license is revoked where its id, its key id, or the user its
// statement names is listed. [C133, C134]
struct revocation_list {
  std::string issuer;
  std::uint64_t version = 0;  // grows with every list of this issuer: of two, the higher counts
  std::chrono::sys_seconds issued{};
  std::vector<license_id> licenses;  // in ascending order, none twice; so the next two
  std::vector<key_id> keys;
  std::vector<std::string> users;  // UTF-8, not empty

  friend bool operator==(const revocation_list&, const revocation_list&) = default;
};

struct signed_revocations {
  revocation_list list;
  ed25519_public_key by{};
};

// The bytes of a list, its issuer's public key, and an Ed25519 signature over both. Sorts what is listed. For issuers.
// Errors: invalid_argument where a text is empty, longer than 255 bytes or not UTF-8, `issued` outside of the years
// 1970 to 9999, or the seed of another size. Throws std::bad_alloc.
result<std::vector<std::byte>> sign_revocation_list(revocation_list list, const secret_bytes& issuer_seed);

// Reads them. The signature is right; whether its key is that of an issuer that counts is for the caller to see.
// Errors: revocation_list_invalid. Throws std::bad_alloc.
result<signed_revocations> parse_revocation_list(std::span<const std::byte> list);

// Whether a list names the license. `user` is empty where it has no statement.
bool is_revoked(const revocation_list& list, const license_id& id, const key_id& key, std::string_view user) noexcept;

// Keeps a list among the notes of a store, unless a newer one of its issuer is there: every later restore goes by it. A
// restore does so with the lists that a service sends; this is for lists that come another way.
// Errors: revocation_list_invalid, and those of the notes.
result<void> store_revocation_list(note_store& notes, std::span<const std::byte> list);

// The newest list of an issuer that was kept; nothing where there is none.
// Errors: revocation_list_invalid where the note is damaged, and those of the notes.
result<std::optional<revocation_list>> find_revocation_list(note_store& notes, const ed25519_public_key& issuer);

}  // namespace reinstate

#endif
