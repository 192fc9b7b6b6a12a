// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_BACKUP_SET_HPP
#define REINSTATE_ENGINE_SET_BACKUP_SET_HPP

#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"
#include "engine/set/failure.hpp"

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

// The file of a name in what a medium listed, which is in ascending order of name; null where there is none.
const medium_entry* find_file(const std::vector<medium_entry>& files, std::string_view name);

// Whether a file is a manifest and so makes its generation exist. An empty one does not: where the power went while it
// was being written, its name can be there without its content.
bool is_committed(const medium_entry& file);

// Whether an error says that something is damaged or not there, and not that it could not be read or understood. A
// plug-in may give errors of its own category.
bool is_corruption(const error_code& error) noexcept;
inline bool is_corruption(const failure& error) noexcept {
  return is_corruption(error.code);
}

// Generations that have a manifest, newest first.
std::vector<std::uint32_t> committed_generations(const std::vector<medium_entry>& files);

// Whether there are volumes or an index, of a generation that may never have been committed.
bool has_volumes(const std::vector<medium_entry>& files);

// The manifest of a generation, and its copy. Errors: manifest_damaged, backup_mixed, backup_version_unsupported, and
// those of the medium; path_not_found where there is none.
result<archive::parsed_manifest> read_manifest(backup_medium& medium, std::uint32_t generation);
result<archive::parsed_manifest> read_manifest_copy(backup_medium& medium, std::uint32_t generation);

// Whether any generation was ever committed there, readable or not. [C54]
bool holds_backup(const std::vector<medium_entry>& files);

// The highest number of a generation that has a manifest; 0 where none has.
std::uint32_t newest_generation(const std::vector<medium_entry>& files);

// A generation and what it builds on, down to one that holds everything: that generation first.
using chain = std::vector<archive::parsed_manifest>;

// The generation of a number, or for 0 the newest one that is whole: it and what it builds on have their manifests, and
// the volumes are there with the sizes they say. Where none is whole, the newest whose manifests are, so that reading
// it tells what is wrong. `passed_over` receives the newer ones, with what is wrong with each.
// Errors: no_backup, generation_not_found, generation_missing, manifest_damaged, backup_mixed,
// backup_version_unsupported, and those of the medium.
result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number,
                              std::vector<backup_damage>& passed_over);

// The same for a caller that needs to know nothing of the newer ones.
result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number);

// All generations that have a manifest, newest first, with the manifest where it is whole.
struct generation_found {
  std::uint32_t number = 0;
  result<archive::parsed_manifest> manifest;
};
std::vector<generation_found> all_generations(backup_medium& medium, const std::vector<medium_entry>& files);

// Whether a header is that of a file of the generation.
bool is_header_of(const archive::manifest& manifest, const archive::volume_header& header) noexcept;

// Whether losing what is there could lose a license: true also where that cannot be told.
bool may_hold_licenses(backup_medium& medium, const std::vector<medium_entry>& files);

// The first volume that is not there or has another size.
// Errors: volume_missing, backup_truncated, backup_damaged.
result<void> check_volumes(const archive::manifest& manifest, const std::vector<medium_entry>& files);

// The same for a generation and all it builds on.
result<void> check_volumes(const chain& all, const std::vector<medium_entry>& files);

// `damage` receives the copies of a chain's manifests that are not there or not the same: manifest_damaged,
// backup_mixed. Errors: those of the medium.
result<void> find_copy_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage);

// Whether every volume and index of a chain is there with the size its manifest says.
bool is_complete(const chain& all, const std::vector<medium_entry>& files);

// How the recovery key is kept of a set that this machine began; nothing for a set of another machine. This machine can
// trust its own sets and add to them without opening any slot. A machine whose identity cannot be used began
// nothing that it could go on with.
std::optional<recovery_key_storage> own_storage_of(const archive::parsed_manifest& manifest,
                                                   machine_identity& identity);

// This machine as a reader; `own` is its public agreement key.
std::unique_ptr<age::identity> reader_on(std::shared_ptr<machine_identity> identity, const x25519_public_key& own);

// Whoever can read the set and has proven that its manifest is genuine: this machine if it began the set, else the
// holder of what opens one of its slots. A set with a readable key is nobody's own where that was not agreed to.
struct unlocked_set {
  std::unique_ptr<age::identity> identity;
  secret_bytes authentication;
  std::optional<backup_owner> owner;  // where it was opened with its recovery key
};

// Errors: those of set_unlocker.
result<unlocked_set> unlock_set(backup_medium& medium, const archive::parsed_manifest& manifest,
                            const backup_restorer_config& config);

}  // namespace reinstate::engine

#endif
