// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_SET_HPP
#define REINSTATE_ENGINE_BACKUP_SET_HPP

#include "age_identity.hpp"
#include "archive_manifest.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restorer.hpp>
#include <reinstate/machine_identity.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Finding a backup on a medium and getting at its keys. `where` receives the name of the file an error is about.

namespace reinstate::engine {

// The file of a name in what a medium listed, which is in ascending order of name; null where there is none.
const medium_entry* find_file(const std::vector<medium_entry>& files, std::string_view name);

// Whether an error says that something is damaged or not there, and not that it could not be read or understood. A
// plug-in may give errors of its own category.
bool is_corruption(const error_code& error) noexcept;

// Whether any generation was ever committed there, readable or not. [C54]
bool holds_backup(const std::vector<medium_entry>& files);

// The newest generation whose manifest is whole and whose volumes are there with the sizes it says; where there is
// none, the newest whose manifest is whole, so that reading it tells what is wrong. Errors: no_backup,
// manifest_damaged, backup_version_unsupported, and those of the medium.
result<archive::parsed_manifest> find_generation(backup_medium& medium, const std::vector<medium_entry>& files,
                                                 std::string& where);

// Whether losing what is there could lose a license: true also where that cannot be told.
bool may_hold_licenses(backup_medium& medium, const std::vector<medium_entry>& files);

// The first volume that is not there or has another size.
// Errors: volume_missing, backup_truncated, backup_damaged.
result<void> check_volumes(const archive::manifest& manifest, const std::vector<medium_entry>& files,
                           std::string& where);

// How the recovery key is kept of a set that this machine began; nothing for a set of another machine. This machine can
// trust its own sets and add to them without opening the recovery file. A machine whose identity cannot be used began
// nothing that it could go on with.
std::optional<recovery_key_storage> own_storage_of(const archive::parsed_manifest& manifest,
                                                   machine_identity& identity);

// This machine as a reader; `own` is its public agreement key.
std::unique_ptr<age::identity> reader_on(std::shared_ptr<machine_identity> identity, const x25519_public_key& own);

// Whoever can read the set and has proven that its manifest is genuine: this machine if it began the set, else the
// holder of what opens the recovery file. A set with a readable key is nobody's own where that was not agreed to.
// Errors: as open_recovery_file; backup_not_authentic.
result<std::unique_ptr<age::identity>> open_set(backup_medium& medium, const archive::parsed_manifest& manifest,
                                                const backup_restorer_config& config, std::string& where);

}  // namespace reinstate::engine

#endif
