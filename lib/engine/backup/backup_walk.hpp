// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_BACKUP_WALK_HPP
#define REINSTATE_ENGINE_BACKUP_BACKUP_WALK_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/index_reader.hpp"
#include "engine/rules/issuer_check.hpp"
#include "engine/generation/merged.hpp"
#include "license/selector.hpp"
#include "engine/generation/store_comparison.hpp"

#include <reinstate/license_store.hpp>
#include <reinstate/plan.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace reinstate::engine {

// What a generation does with one license.
enum class backup_effect {
  absent,   // the generation will not have it
  written,  // into the generation
  removed,  // an earlier generation has it, and this one says that it is gone
  stays,    // an earlier generation has it, and that is how it stays
  carried,  // the same, where that takes writing it into this one
};

// What becomes of one license in a backup.
struct backup_decision {
  planned_action planned = planned_action::keep;
  error_code reason;  // of `leave_out`
  backup_effect effect = backup_effect::absent;
  license_record license;      // with its payload where it is to be written; else it may be nothing but the id
  std::optional<key_id> root;  // see `license::root`
};

// What a backup goes on from.
struct earlier_backup {
  std::unique_ptr<merged<index_reader>> index;       // null: nothing is there
  std::unique_ptr<merged<archive_reader>> licenses;  // set where a generation that holds everything comes after it:
                                                     // what the store cannot give is taken from here
};

// Walks a store and the index of what its backup has side by side, and decides license by license.
//
// Lifetime: the configuration must outlive it.
class backup_walk {
 public:
  backup_walk(const backup_restorer_config& config, earlier_backup before, const license_selection& selection);

  // Opens the store. Errors: those of the store.
  result<void> open();

  // A selection takes a first walk over the store, in pieces of some licenses.
  bool is_looking() const noexcept { return look_ != nullptr; }
  result<void> look_some();

  // The next decision, valid until the next call; nothing at the end, and the store's snapshot is given back.
  // Errors: those of the store and of the readers; store_failed where the store's order is wrong.
  result<std::optional<backup_decision>> next();

  // Looked at in the store. Preconditions: `open` has succeeded.
  std::uint64_t licenses_seen() const noexcept { return both_->seen_in_store(); }

  // Not everything that the store has, and that may be backed up, will be in the generation: an older backup may be the
  // only place of the rest.
  bool passed_something_over() const noexcept { return passed_something_over_; }

 private:
  backup_decision gone(const license_id& id) const;
  result<backup_decision> decide(const license_record& item, const archive::index_entry* backed_up);
  result<std::optional<backup_decision>> next_decision();
  result<void> carry(backup_decision& decision);
  result<void> finish_carrying();

  const backup_restorer_config& config_;
  earlier_backup before_;
  selector selector_;
  issuer_check issuers_;
  const bool takes_everything_;
  std::unique_ptr<license_cursor> look_;
  std::optional<store_comparison> both_;  // the store and what the backup has; from `open` on
  bool has_carried_ = false;
  bool passed_something_over_;
};

}  // namespace reinstate::engine

#endif
