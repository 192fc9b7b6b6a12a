// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_OWNER_PROOF_HPP
#define REINSTATE_MANAGED_OWNER_PROOF_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reinstate {

// A machine as a service knows it: the public key of its signatures.
using machine_id = ed25519_public_key;

struct service_key;

// What a proof permits.
enum class owner_action : std::uint8_t {
  restore = 1,  // to become known as the owner of what is restored, and to take over a machine's place
  list_machines = 2,
  release = 3,  // of the machine it names
};

// Proves to one service that whoever made it can open the backup set of `recipient`, and what he wants, without
// telling the recovery key. Only that service can check it. [docs/managed-licenses.md, "Owner proof"]
struct owner_proof {
  owner_action action = owner_action::restore;
  x25519_public_key recipient{};  // the public recovery key of the set
  machine_id asking{};            // the machine that makes the proof
  machine_id subject{};           // to release, or whose place is taken over; zeros: none
  std::chrono::sys_seconds created{};
  std::array<std::byte, 16> id{};    // random: what makes it one of a kind
  std::array<std::byte, 32> code{};  // HMAC-SHA-256 under the secret that the set and the service share

  friend bool operator==(const owner_proof&, const owner_proof&) = default;
};

// Whoever can open a backup set.
// Thread safety: as a built-in type.
class backup_owner {
 public:
  // `recovery_key` is the X25519 private key of the set, 32 bytes.
  explicit backup_owner(secret_bytes recovery_key);

  const x25519_public_key& recipient() const noexcept { return recipient_; }

  // Errors: invalid_argument where the service's key is none, or `now` outside of the years 1970 to 9999.
  // Throws std::bad_alloc.
  result<owner_proof> prove(owner_action action, const service_key& to, const machine_id& asking,
                            const machine_id& subject, std::chrono::sys_seconds now) const;

 private:
  secret_bytes recovery_key_;
  x25519_public_key recipient_;
};

// Opens the set of the newest backup on the medium with `with.secret`; `with.machine` is not asked, since whoever has
// but the machine is not the owner. A set whose key is readable proves nothing either: recovery_key_exposed.
// Errors: those of opening a set, see key_slots.hpp. Throws std::bad_alloc.
result<backup_owner> open_backup_owner(backup_medium& medium, const set_credentials& with);

}  // namespace reinstate

#endif
