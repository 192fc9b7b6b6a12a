// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_REMAINS_HPP
#define REINSTATE_ENGINE_REMAINS_HPP

#include "backup_set.hpp"

// What is left of a damaged backup, for a salvage. [docs/format.md, "Salvage"]

namespace reinstate::engine {

// The generation of a number, or for 0 the newest; where its manifest is damaged, the next older one. `damage` receives
// the damaged manifests. Errors: as find_generation.
result<archive::parsed_manifest> find_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                                              std::uint32_t number, std::vector<backup_damage>& damage);

// Adds to a generation what is left of those it builds on: genuine manifests of its set, and where one is not there, any
// older ones. `damage` receives what is missing or not what it should be. Errors: those of the medium.
result<void> follow_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                            const secret_bytes& authentication, chain& remains, std::vector<backup_damage>& damage);

}  // namespace reinstate::engine

#endif
