// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_NEWEST_SET_HPP
#define REINSTATE_ENGINE_SET_NEWEST_SET_HPP

#include "engine/set/key_slot_files.hpp"
#include "format/archive/archive_manifest.hpp"

#include <vector>

namespace reinstate::engine {

// The set of the newest backup on a medium: the manifest of its newest generation, and its key slots.
struct newest_set {
  archive::parsed_manifest newest;
  std::vector<slot_file> slots;

  std::uint32_t generation() const noexcept { return newest.manifest.recovery_generation; }
};

// Finds the newest set. Errors: no_backup, manifest_damaged, backup_mixed, backup_version_unsupported, and those of the
// medium.
result<newest_set> find_newest_set(backup_medium& medium);

}  // namespace reinstate::engine

#endif
