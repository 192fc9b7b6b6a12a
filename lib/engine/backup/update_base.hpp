// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_UPDATE_BASE_HPP
#define REINSTATE_ENGINE_BACKUP_UPDATE_BASE_HPP

#include "engine/set/backup_set.hpp"
#include "engine/backup/backup_walk.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/operation_options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// What an update needs to find the generation that it goes on from.
struct update_situation {
  backup_medium& medium;
  const std::vector<medium_entry>& files;
  const chain& newest;       // the newest generation that is whole, of the set that goes on
  bool is_newest_damaged;    // there are newer ones that are not
  const age::identity& identity;  // unlocks the set
  const backup_restorer_config& config;
  const backup_options& options;
  const archive::manifest& next;  // number and time of the generation that is to be written
};

// What an update goes on from.
struct update_base {
  earlier_backup before;
  bool adds = false;  // the next generation builds on the newest; otherwise it holds everything, with what the store
                      // cannot give taken over
};

// Nothing where an index is damaged or missing: then only the store can say what there is.
// A generation that holds everything is due where the chain is long, or the keep policy no longer wants its first; but
// nothing begins anew where the store is as the backup has it.
// Errors: those of the medium and of the store.
result<std::optional<update_base>> find_update_base(const update_situation& now);

}  // namespace reinstate::engine

#endif
