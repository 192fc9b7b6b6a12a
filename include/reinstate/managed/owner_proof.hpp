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

// Identifies a machine to a service: the public key of its signatures.
using machine_id = ed25519_public_key;

struct service_key;

// The action that a proof authorizes.
enum class owner_action : std::uint8_t {
  restore = 1,  // become known as the owner of the restored licenses, or take over a machine slot
  list_machines = 2,
  release = 3,  // release the machine slots of the machine it names
};

// Proves to one service that its maker can open the backup set of `recipient`, and authorizes one action, without
// revealing the recovery key. Only that service can verify it. [docs/managed-licenses.md, "Owner proof"]
struct owner_proof {
  owner_action action = owner_action::restore;
  x25519_public_key recipient{};  // the public recovery key of the set
  machine_id requester{};         // the machine that makes the proof
  machine_id target{};            // the machine to release or whose slot is taken over; zeros if none
  std::chrono::sys_seconds created{};
  std::array<std::byte, 16> id{};   // random: makes the proof unique
  std::array<std::byte, 32> mac{};  // HMAC-SHA-256 with the secret that the set and the service share

  friend bool operator==(const owner_proof&, const owner_proof&) = default;
};

// The owner of a backup set: holds its recovery key.
// Thread safety: as a built-in type.
class backup_owner {
 public:
  // `recovery_key` is the X25519 private key of the set, 32 bytes.
  explicit backup_owner(secret_bytes recovery_key);

  // Returns the public recovery key of the set.
  const x25519_public_key& recipient() const noexcept { return recipient_; }

  // Returns a proof for one action, made at `now` by the machine `requester`.
  // Errors: invalid_argument if the service's key is not a valid public key, or `now` is outside the years 1970 to
  // 9999. Throws std::bad_alloc.
  result<owner_proof> prove(owner_action action, const service_key& service, const machine_id& requester,
                            const machine_id& target, std::chrono::sys_seconds now) const;

 private:
  secret_bytes recovery_key_;
  x25519_public_key recipient_;
};

// Unlocks the set of the newest backup on the medium with `credentials.ask_secret`. `credentials.identity` is not
// tried, because a person who has only the machine is not the owner. A set whose recovery key is readable proves
// nothing either: recovery_key_exposed. Errors: those of opening a set, see key_slots.hpp. Throws std::bad_alloc.
result<backup_owner> open_backup_owner(backup_medium& medium, const set_credentials& credentials);

}  // namespace reinstate

#endif
