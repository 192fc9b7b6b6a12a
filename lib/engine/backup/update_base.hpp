// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_UPDATE_BASE_HPP
#define REINSTATE_ENGINE_BACKUP_UPDATE_BASE_HPP

#include "engine/backup/backup_walk.hpp"
#include "engine/set/backup_set.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/operation_options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// The parameters of find_update_base.
struct update_parameters {
  backup_medium& medium;
  const std::vector<medium_entry>& files;
  const chain& newest;            // the newest generation that is whole, of the set that goes on
  bool is_newest_damaged;         // there are newer ones that are damaged
  const age::identity& identity;  // unlocks the set
  const backup_restorer_config& config;
  const backup_options& options;
  const archive::manifest& next;  // number and time of the generation that is to be written
};

// The base of an update.
struct update_base {
  earlier_backup before;
  bool adds = false;  // the next generation builds on the newest; otherwise it holds everything, and takes over
                      // from the backup what the store cannot give
};

// Returns the base of an update, or nullopt if an index is damaged or missing: then the update goes by the store alone.
// A generation that holds everything is due if the chain is long, or the keep policy no longer keeps its first; but not
// while the store is as the backup has it.
// Errors: those of the medium and of the store.
result<std::optional<update_base>> find_update_base(const update_parameters& parameters);

}  // namespace reinstate::engine

#endif
