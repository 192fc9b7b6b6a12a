// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_BACKUP_KEYS_HPP
#define REINSTATE_ENGINE_BACKUP_BACKUP_KEYS_HPP

#include "engine/set/backup_set.hpp"
#include "engine/set/key_slot_files.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// The keys that a new generation is written with: those of the present set if this machine can go on with it, or new
// ones.
struct backup_keys {
  secret_bytes authentication;
  std::unique_ptr<age::identity> reader;  // reads the backup, to check what was written
  std::vector<slot_file> recovery;        // the slots of the set; those of a new one are still to be written
};

// Both write into `manifest` which set the generation belongs to; its number must be set already.

// Returns the keys of the set of the newest generation on the medium, if this machine began it and can go on with it,
// or nullopt. `present` may be null; `machine` is nullopt if this one has no identity yet. Errors: those of the
// identity, of the medium, and of the passphrase source if that is asked.
result<std::optional<backup_keys>> keys_to_go_on(backup_medium& medium, const archive::parsed_manifest* present,
                                                 const std::optional<x25519_public_key>& machine,
                                                 const backup_restorer_config& config, archive::manifest& manifest);

// Makes the keys of a new set. Errors: as make_slots, and those of the identity.
result<backup_keys> new_keys(const std::optional<x25519_public_key>& machine, const backup_restorer_config& config,
                             archive::manifest& manifest);

}  // namespace reinstate::engine

#endif
