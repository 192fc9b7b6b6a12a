// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_KEYS_HPP
#define REINSTATE_ENGINE_BACKUP_KEYS_HPP

#include "backup_set.hpp"
#include "recovery_file.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// What a new generation is written with: the keys of the set that is there, where this machine can go on with it, or
// new ones.
struct backup_keys {
  bool goes_on = false;  // with the set that is there
  secret_bytes authentication;
  std::unique_ptr<age::identity> reader;  // whoever will open the backup: proves that he can
  std::vector<recovery_file> recovery;    // what opens the set elsewhere; of a new set still to be written
};

// Chooses them, and says in `into` which set the generation belongs to; its number must be there already. `present` is
// the newest generation on the medium, or null; `machine` this machine, nothing where it has no identity yet.
// Errors: as make_recovery_file, and those of the identity.
result<backup_keys> keys_for_backup(backup_medium& medium, const archive::parsed_manifest* present,
                                    const std::optional<x25519_public_key>& machine,
                                    const backup_restorer_config& config, archive::manifest& into);

}  // namespace reinstate::engine

#endif
