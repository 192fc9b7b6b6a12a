// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_PRUNE_HPP
#define REINSTATE_ENGINE_SET_PRUNE_HPP

#include "engine/set/backup_set.hpp"

#include <reinstate/keep_policy.hpp>

#include <cstdint>
#include <string>
#include <vector>

// Which generations a backup builds on, and which it removes when it has been written.

namespace reinstate::engine {

// A writer begins anew with everything after so many generations that build on each other: each of them is a file that
// a restore reads side by side.
inline constexpr std::size_t longest_chain = 32;

// The generations on a medium that this machine wrote, as their codes prove. Errors: those of the medium.
result<std::vector<archive::manifest>> own_generations(backup_medium& medium, const std::vector<medium_entry>& files,
                                                       machine_identity& identity);

// Whether the policy keeps `older` for its own sake once `newer` is there. Where it does not, a new generation holds
// everything, so that the older ones can go as soon as nothing that stays builds on them.
bool outlives(const archive::manifest& older, const archive::manifest& newer, const std::vector<archive::manifest>& own,
              const keep_policy& policy);

// What goes when `newest` has been written. Files are in the order they must be removed in: manifests first, and the
// newest of them first, since wherever it is interrupted no generation may look damaged that is only half removed.
struct removals {
  std::vector<std::uint32_t> generations;
  std::vector<std::string> files;
};

// For a backup that replaces everything: all that is older, but not what opens the set of `newest`.
removals everything_older(const std::vector<medium_entry>& files, const archive::manifest& newest);

// For an update: generations of this machine that the policy does not keep and that nothing kept builds on, what
// interrupted backups left behind, and what opens sets that are gone.
removals superfluous(const std::vector<medium_entry>& files, const archive::manifest& newest,
                     const std::vector<archive::manifest>& own, const keep_policy& policy);

}  // namespace reinstate::engine

#endif
