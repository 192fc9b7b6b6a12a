// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_BACKUP_KEYS_HPP
#define REINSTATE_ENGINE_BACKUP_BACKUP_KEYS_HPP

#include "engine/set/backup_set.hpp"
#include "engine/set/key_slot_files.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// What a new generation is written with: the keys of the set that is there, where this machine can go on with it, or
// new ones.
struct backup_keys {
  secret_bytes authentication;
  std::unique_ptr<age::identity> reader;  // whoever will open the backup: proves that he can
  std::vector<slot_file> recovery;        // the slots of the set; of a new one still to be written
};

// Both say in `into` which set the generation belongs to; its number must be there already.

// The keys of the set of the newest generation on the medium, if this machine began it and can go on with it; nothing
// otherwise. `present` may be null; `machine` is nothing where this one has no identity yet.
// Errors: those of the identity, of the medium, and of the passphrase source where that is asked.
result<std::optional<backup_keys>> keys_to_go_on(backup_medium& medium, const archive::parsed_manifest* present,
                                                 const std::optional<x25519_public_key>& machine,
                                                 const backup_restorer_config& config, archive::manifest& into);

// Keys for a set that begins now. Errors: as make_slots, and those of the identity.
result<backup_keys> new_keys(const std::optional<x25519_public_key>& machine, const backup_restorer_config& config,
                             archive::manifest& into);

}  // namespace reinstate::engine

#endif
