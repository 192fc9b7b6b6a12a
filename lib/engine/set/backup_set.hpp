// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_BACKUP_SET_HPP
#define REINSTATE_ENGINE_SET_BACKUP_SET_HPP

#include "core/failure.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/backup_restorer.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/report.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Finding a backup on a medium and getting at its keys.

namespace reinstate::engine {

// Returns the file of that name, or null if there is none. `files` is in ascending order of name, as a medium lists it.
const medium_entry* find_file(const std::vector<medium_entry>& files, std::string_view name);

// Returns true if a file is a manifest and so makes its generation exist. An empty one does not: if the power went
// while it was being written, its name can be there without its content.
bool is_committed(const medium_entry& file);

// Returns true if an error says that something is damaged or missing, and not that it could not be read or understood.
// A plug-in may return errors of its own category.
bool is_corruption(const error_code& error) noexcept;
inline bool is_corruption(const failure& error) noexcept {
  return is_corruption(error.code);
}

// Returns the generations that have a manifest, newest first.
std::vector<std::uint32_t> committed_generations(const std::vector<medium_entry>& files);

// Returns true if there are volumes or an index, of a generation that may never have been committed.
bool has_volumes(const std::vector<medium_entry>& files);

// Return the manifest of a generation, and its copy. Errors: manifest_damaged, backup_mixed,
// backup_version_unsupported, and those of the medium; path_not_found if there is none.
result<archive::parsed_manifest> read_manifest(backup_medium& medium, std::uint32_t generation);
result<archive::parsed_manifest> read_manifest_copy(backup_medium& medium, std::uint32_t generation);

// Returns true if any generation was ever committed there, readable or not. [C54]
bool holds_backup(const std::vector<medium_entry>& files);

// Returns the highest number of a generation that has a manifest, or 0 if none has.
std::uint32_t newest_generation(const std::vector<medium_entry>& files);

// A generation and those it builds on, down to one that holds everything, newest first.
using chain = std::vector<archive::parsed_manifest>;

// Returns the generation with that number, or for 0 the newest whole one: it and those it builds on have their
// manifests, and the volumes have the sizes these name. If none is whole, returns the newest whose manifests are, so
// that reading it tells what is wrong. `passed_over` receives the newer ones, with what is wrong with each. Errors:
// no_backup, generation_not_found, generation_missing, manifest_damaged, backup_mixed, backup_version_unsupported, and
// those of the medium.
result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number,
                              std::vector<backup_damage>& passed_over);

// The same for a caller that does not need to know the newer ones.
result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number);

// A generation that has a manifest; the manifest itself only if it is whole.
struct generation_found {
  std::uint32_t number = 0;
  result<archive::parsed_manifest> manifest;
};
// Returns every generation that has a manifest, newest first.
std::vector<generation_found> all_generations(backup_medium& medium, const std::vector<medium_entry>& files);

// Returns true if a header belongs to a file of the generation.
bool is_header_of(const archive::manifest& manifest, const archive::volume_header& header) noexcept;

// Returns true if losing these files could lose a license, and if that cannot be told.
bool may_hold_licenses(backup_medium& medium, const std::vector<medium_entry>& files);

// Checks that every volume is there with the size its manifest names; stops at the first that is not.
// Errors: volume_missing, backup_truncated, backup_damaged.
result<void> check_volumes(const archive::manifest& manifest, const std::vector<medium_entry>& files);

// The same for a whole chain.
result<void> check_volumes(const chain& all, const std::vector<medium_entry>& files);

// Adds to `damage` the copies of a chain's manifests that are missing or differ: manifest_damaged, backup_mixed.
// Errors: those of the medium.
result<void> find_copy_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage);

// Returns true if every volume and index of a chain is there with the size its manifest names.
bool is_complete(const chain& all, const std::vector<medium_entry>& files);

// Returns how the recovery key of a set that this machine began is kept, or nullopt for a set of another machine. This
// machine can trust its own sets and add to them without opening any slot. Returns nullopt too if the identity cannot
// be used: the machine could not go on with any set.
std::optional<recovery_key_storage> own_storage_of(const archive::parsed_manifest& manifest,
                                                   machine_identity& identity);

// Returns this machine as a reader; `own` is its public agreement key.
std::unique_ptr<age::identity> reader_on(std::shared_ptr<machine_identity> identity, const x25519_public_key& own);

// The keys of a set whose manifest has proven to be genuine: those of this machine if it began the set, else those that
// one of its key slots gave.
struct unlocked_set {
  std::unique_ptr<age::identity> identity;
  secret_bytes authentication;
  std::optional<backup_owner> owner;  // if it was opened with its recovery key
};

// Unlocks a set. A readable key counts only if the configuration agreed to one.
// Errors: those of set_unlocker.
result<unlocked_set> unlock_set(backup_medium& medium, const archive::parsed_manifest& manifest,
                                const backup_restorer_config& config);

}  // namespace reinstate::engine

#endif
