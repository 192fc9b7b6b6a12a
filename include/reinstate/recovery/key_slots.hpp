// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_KEY_SLOTS_HPP
#define REINSTATE_RECOVERY_KEY_SLOTS_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/recovery/recovery_key.hpp>
#include <reinstate/secret_bytes.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Manages the key slots of a backup set: the ways to open it on a machine other than its own. Each slot is a small file
// beside the licenses, so that adding or removing one is quick and rewrites no license. To change a passphrase, add a
// slot with the new one and then remove the old slot: if interrupted in between, both open the set.
//
// Removing a slot does not lock out a person who has a copy of its file: for that, begin a new set
// (backup_restorer_config::begin_new_set).
//
// Every function works on the set of the newest backup on the medium, blocks, and may take as much memory and time as
// the work factor requires. Thread safety: as that of the medium.
//
// Errors of every function: no_backup, manifest_damaged, backup_mixed, backup_version_unsupported, and those of the
// medium. Throws std::bad_alloc. [docs/format.md, "Key slots"]

namespace reinstate {

// A key slot: a file on the medium that holds the recovery key, encrypted one way.
struct key_slot {
  std::string file;  // its name on the medium
  slot_kind kind = slot_kind::passphrase;
  bool damaged = false;  // no longer opens the set; the file may still be whole in another copy of the backup
};

// Lists the slots of the set in ascending order of name, at most 64; any others are ignored.
result<std::vector<key_slot>> list_key_slots(backup_medium& medium);

// Credentials that unlock a set. The machine of `identity` is tried first, if it began the set and has its slot; then
// `ask_secret` is called, with passphrase_purpose::open or ::identity.
struct set_credentials {
  std::shared_ptr<machine_identity> identity;
  passphrase_source ask_secret;
  unsigned max_scrypt_work_factor = 20;  // as in operation_limits
};

// Errors of functions that unlock a set:
// - passphrase_required, no_key_for_backup: no usable secret was given; passphrase_empty
// - wrong_passphrase, recovery_code_mistyped, no_key_for_backup: the secret does not open the set
// - key_slot_damaged: a slot that the secret could have opened is damaged; key_slot_missing: there is no slot
// - recovery_key_exposed: the only slot is a readable one
// - backup_mixed, backup_not_authentic: the opened slot belongs to another set, or the manifest is forged
// - work_factor_too_high, out_of_memory, and those of the identity and of `ask_secret`

// A key slot to add.
struct new_slot {
  slot_kind kind = slot_kind::passphrase;
  secret_bytes secret;               // for a passphrase or a code: its text; a code may be given as typed
  std::string recipient;             // for a recipient, a key file or a keyring: "age1..."; see make_age_identity
  unsigned scrypt_work_factor = 16;  // as in operation_limits

  // Called when the set is unlocked and the slot ready, right before it is written, to save or show the secret, so that
  // no slot is written that no one can open. An error returned from here ends the call without writing. Optional.
  std::function<result<void>()> before_write;
};

// Adds a key slot, which is durable when the function returns. If it fails, or the power does, the set opens as before,
// and the secret that `before_write` saved is useless.
// Errors: those of unlocking; passphrase_empty, recovery_code_mistyped; recovery_key_exposed if the set is readable, so
// that a slot could not protect it (begin a new set instead); medium_in_use if a backup replaced the set in the
// meantime; invalid_argument for a kind that cannot be added, an invalid recipient, a work factor out of range, a ninth
// passphrase or code, or too many slots.
result<key_slot> add_key_slot(backup_medium& medium, const set_credentials& credentials, const new_slot& slot);

// Removes a key slot by the name of its file. Requires no secret, because anyone with write access to the medium could
// do it anyway.
// Errors: key_slot_not_found; last_key_slot if no other slot, except that of the machine, is whole.
result<void> remove_key_slot(backup_medium& medium, std::string_view file);

// Verifies that a secret opens the set and that the manifest of its newest generation is authentic, and returns the
// slot that it opened. Restores nothing, and reads no license.
// Errors: those of unlocking.
result<key_slot> check_recovery(backup_medium& medium, const secret_bytes& secret,
                                unsigned max_scrypt_work_factor = 20);

}  // namespace reinstate

#endif
