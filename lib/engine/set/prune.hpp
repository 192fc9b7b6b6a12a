// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_PRUNE_HPP
#define REINSTATE_ENGINE_SET_PRUNE_HPP

#include "engine/set/backup_set.hpp"

#include <reinstate/keep_policy.hpp>

#include <cstdint>
#include <string>
#include <vector>

// Decides which generations a backup builds on, and which it removes once it has been written.

namespace reinstate::engine {

// The longest chain a writer makes before it writes everything anew: a restore reads a file of each generation side by
// side.
inline constexpr std::size_t longest_chain = 32;

// Returns the generations on a medium that this machine wrote, as their authentication codes prove. Errors: those of
// the medium.
result<std::vector<archive::manifest>> own_generations(backup_medium& medium, const std::vector<medium_entry>& files,
                                                       machine_identity& identity);

// Returns true if the policy keeps `older` for its own sake once `newer` is there. If not, the new generation holds
// everything, so that the older ones can go as soon as no kept generation builds on them.
bool outlives(const archive::manifest& older, const archive::manifest& newer, const std::vector<archive::manifest>& own,
              const keep_policy& policy);

// The generations and files to remove once `newest` has been written. Files are in the order of removal: manifests
// first, the newest of them first, so that an interruption never leaves a half-removed generation that looks damaged.
struct removals {
  std::vector<std::uint32_t> generations;
  std::vector<std::string> files;
};

// For a backup that replaces everything: returns all that is older, except the slots of the set of `newest`.
removals everything_older(const std::vector<medium_entry>& files, const archive::manifest& newest);

// For an update: returns the generations of this machine that the policy does not keep and no kept one builds on, the
// files of interrupted backups, and the slots of sets that are gone.
removals superfluous(const std::vector<medium_entry>& files, const archive::manifest& newest,
                     const std::vector<archive::manifest>& own, const keep_policy& policy);

}  // namespace reinstate::engine

#endif
