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

// The ways to open a backup set on a machine other than its own. Each is one small file beside the licenses, so that a
// way is added or removed in a moment, and no license is written again. To change a passphrase, add a slot with the new
// one and then remove the old slot: interrupted in between, both open the set.
//
// Removing a slot does not lock out who has a copy of its file: for that, begin a new set
// (backup_restorer_config::begin_new_set).
//
// All of these functions are about the set of the newest backup on the medium, block, and may take as much memory and
// time as a work factor asks for. Thread safety: as the medium they are given.
//
// Errors, of each: no_backup, manifest_damaged, backup_mixed, backup_version_unsupported, and those of the medium.
// Throw std::bad_alloc. [docs/format.md, "Key slots"]

namespace reinstate {

struct key_slot {
  std::string file;  // its name on the medium
  slot_kind kind = slot_kind::passphrase;
  bool damaged = false;  // opens nothing any more; its text may still be whole in another copy of the backup
};

// In order of name. At most 64: what lies beyond is not looked at.
result<std::vector<key_slot>> list_key_slots(backup_medium& medium);

// Whatever opens the set. The machine is tried first, if it is given, began the set, and has its slot; then `secret` is
// asked, with passphrase_purpose::open or ::identity.
struct set_credentials {
  std::shared_ptr<machine_identity> machine;
  passphrase_source secret;
  unsigned max_scrypt_work_factor = 20;  // as in operation_limits
};

// Errors of whatever opens a set:
// - passphrase_required, no_key_for_backup: there was nothing to open it with; passphrase_empty
// - wrong_passphrase, recovery_code_mistyped, no_key_for_backup: this is not what opens it
// - key_slot_damaged: a slot that it could have opened is damaged; key_slot_missing: there is none
// - recovery_key_exposed: the only slot is a readable one
// - backup_mixed, backup_not_authentic: a slot opened and is of another set, or the manifest is forged
// - work_factor_too_high, out_of_memory, and those of the machine and of the source

struct new_slot {
  slot_kind kind = slot_kind::passphrase;
  secret_bytes secret;               // of a passphrase or a code: the text; a code may come as it was typed
  std::string recipient;             // of a recipient, a key file or a keyring: "age1..."; see make_age_identity
  unsigned scrypt_work_factor = 16;  // as in operation_limits

  // Called when the set is open and the slot ready, right before it is written: the place to make what opens it
  // durable, or to show it. So no slot is left that nobody can open. An error from here ends the call with nothing
  // written. Optional.
  std::function<result<void>()> keep;
};

// Adds a way to open the set, durable when it returns. If it fails, or the power does, the set opens as before; what
// `keep` has kept is then good for nothing.
// Errors: those of opening; passphrase_empty, recovery_code_mistyped; recovery_key_exposed where the set is readable,
// so that nothing could protect it: begin a new one; medium_in_use where a backup replaced the set meanwhile;
// invalid_argument for a kind that cannot be added, what is no recipient, a work factor out of range, a ninth
// passphrase or code, or too many slots.
result<key_slot> add_key_slot(backup_medium& medium, const set_credentials& opener, const new_slot& what);

// Removes a slot, by the name of its file. Takes no secret, since whoever can write to the medium can do it anyway.
// Errors: key_slot_not_found; last_key_slot where no other slot, that of the machine aside, is whole.
result<void> remove_key_slot(backup_medium& medium, std::string_view file);

// Proves that a secret opens the set and that the manifest of its newest generation is authentic, and tells which slot
// it opened. Restores nothing, and reads no license.
// Errors: those of opening.
result<key_slot> check_recovery(backup_medium& medium, const secret_bytes& secret,
                                unsigned max_scrypt_work_factor = 20);

}  // namespace reinstate

#endif
