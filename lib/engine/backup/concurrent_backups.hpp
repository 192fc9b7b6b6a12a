// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_CONCURRENT_BACKUPS_HPP
#define REINSTATE_ENGINE_BACKUP_CONCURRENT_BACKUPS_HPP

#include "format/archive/archive_manifest.hpp"
#include "engine/backup/backup_keys.hpp"

#include <reinstate/backup_medium.hpp>

#include <string>
#include <vector>

// Two backups to one folder at once: nothing locks a stick, so each looks what the other has done, and gives way.

namespace reinstate::engine {

// Before the manifest of `own` is written: no other generation was committed since this backup began, and everything it
// has written or relies on is there. `created` are its files. Errors: medium_in_use, and those of the medium.
result<void> check_alone(backup_medium& medium, const archive::manifest& own, const backup_keys& keys,
                         const std::vector<std::string>& created);

// After it: another backup that was committed meanwhile takes files without a manifest for what an interrupted one left
// behind. Whoever builds on this generation has seen its manifest; anybody else may be removing its volumes.
// Errors: as above.
result<void> check_still_there(backup_medium& medium, const archive::manifest& own,
                               const std::vector<std::string>& created);

// Whether another backup, made while that of `own` was, may rely on a file of this one: on README.txt any, on a slot
// one that went on with this set.
bool is_shared(backup_medium& medium, const archive::manifest& own, const std::string& name);

}  // namespace reinstate::engine

#endif
