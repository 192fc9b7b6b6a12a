// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_SIDECAR_CHECK_HPP
#define REINSTATE_ENGINE_SET_SIDECAR_CHECK_HPP

#include "engine/set/backup_set.hpp"

#include <vector>

namespace reinstate::engine {

// Checks the files a restore can do without, if it has the keys: the copies of the manifests, the slots and README.txt.
// Adds to `damage` those of find_copy_damage, key_slot_missing, key_slot_damaged, volume_missing and
// backup_damaged (README.txt), or the error of reading a file.
// Errors: those of the medium.
result<void> find_sidecar_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage);

}  // namespace reinstate::engine

#endif
