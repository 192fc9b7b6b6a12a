// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_CONCURRENT_BACKUPS_HPP
#define REINSTATE_ENGINE_BACKUP_CONCURRENT_BACKUPS_HPP

#include "engine/backup/backup_keys.hpp"
#include "format/archive/archive_manifest.hpp"

#include <reinstate/backup_medium.hpp>

#include <string>
#include <vector>

// Handles two backups to one folder at once: a stick has no locks, so each checks what the other has done, and gives
// way.

namespace reinstate::engine {

// Checks, before the manifest of `own` is written, that no other generation was committed since this backup began and
// that everything it has written or relies on is there. `created` are its files. Errors: medium_in_use, and those of
// the medium.
result<void> check_alone(backup_medium& medium, const archive::manifest& own, const backup_keys& keys,
                         const std::vector<std::string>& created);

// Checks the same after it: another backup that was committed meanwhile takes files without a manifest for those of an
// interrupted one. A backup that builds on this generation has seen its manifest; any other may be removing its
// volumes. Errors: as above.
result<void> check_still_there(backup_medium& medium, const archive::manifest& own,
                               const std::vector<std::string>& created);

// Returns true if a concurrent backup may rely on a file of this one: any backup on README.txt, and one that went on
// with this set on a slot.
bool is_shared(backup_medium& medium, const archive::manifest& own, const std::string& name);

}  // namespace reinstate::engine

#endif
