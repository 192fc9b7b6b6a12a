// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_BACKUP_WALK_HPP
#define REINSTATE_ENGINE_BACKUP_BACKUP_WALK_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/index_reader.hpp"
#include "engine/generation/merged.hpp"
#include "engine/generation/store_comparison.hpp"
#include "engine/rules/issuer_check.hpp"
#include "license/selector.hpp"

#include <reinstate/license_store.hpp>
#include <reinstate/plan.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace reinstate::engine {

// The effect of a generation on one license.
enum class backup_effect {
  absent,   // the generation will not have it
  written,  // from the store into the generation
  removed,  // an earlier generation has it, and this one removes it
  stays,    // as an earlier generation has it
  carried,  // the same, copied from the earlier generation into this one
};

// The decision about one license in a backup.
struct backup_decision {
  planned_action planned = planned_action::keep;
  error_code reason;  // of `leave_out`
  backup_effect effect = backup_effect::absent;
  license_record license;      // with its payload if it is to be written; else it may be only the id
  std::optional<key_id> root;  // see `license::root`
};

// The backup that an update goes on from.
struct earlier_backup {
  std::unique_ptr<merged_reader<index_reader>> index;       // null: there is none
  std::unique_ptr<merged_reader<archive_reader>> licenses;  // set if the next generation holds everything: what the
                                                            // store cannot give is taken from here
};

// Walks a store and the index of its backup side by side, and decides license by license.
//
// Lifetime: the configuration must outlive the walk.
class backup_walk {
 public:
  backup_walk(const backup_restorer_config& config, earlier_backup before, const license_selection& selection);

  // Opens the store. Errors: those of the store.
  result<void> open();

  // A selection takes a first walk over the store, in pieces of some licenses.
  bool is_looking() const noexcept { return look_ != nullptr; }
  result<void> look_some();

  // Returns the next decision, valid until the next call, or nullopt at the end, with the store's snapshot released.
  // Errors: those of the store and of the readers; store_failed if the store's order is wrong.
  result<std::optional<backup_decision>> next();

  // Returns the number of licenses read from the store. Preconditions: `open` has succeeded.
  std::uint64_t licenses_seen() const noexcept { return both_->seen_in_store(); }

  // Returns true if a license that may be backed up will not be in the generation: an older backup may hold the only
  // copy.
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
