// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_BACKUP_WALK_HPP
#define REINSTATE_ENGINE_BACKUP_WALK_HPP

#include "index_reader.hpp"
#include "merged.hpp"
#include "selector.hpp"

#include <reinstate/license_store.hpp>
#include <reinstate/plan.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

// What becomes of one license in a backup.
struct backup_decision {
  enum class effect {
    absent,   // the generation will not have it
    written,  // into the generation
    removed,  // an earlier generation has it, and this one says that it is gone
    stays,    // an earlier generation has it, and that is how it stays
  };

  planned what = planned::keep;
  error_code reason;  // of `leave_out`
  effect then = effect::absent;
  license_record license;  // with its payload where it is to be written; nothing but the id where the store has none
};

// Walks a store and the index of what its backup has side by side, and decides license by license.
//
// Lifetime: the store must outlive it.
class backup_walk {
 public:
  // `before` is what the generation builds on; null where it is to hold everything itself.
  backup_walk(license_store& store, std::unique_ptr<merged<index_reader>> before, const license_selection& selection,
              std::size_t license_bytes);

  // Opens the store. Errors: those of the store.
  result<void> open();

  // A selection takes a first walk over the store, in pieces of some licenses.
  bool is_looking() const noexcept { return look_ != nullptr; }
  result<void> look_some();

  // The next decision, valid until the next call; nothing at the end, and the store's snapshot is given back.
  // Errors: those of the store and of index_reader; store_failed where the store's order is wrong.
  result<std::optional<backup_decision>> next();

  // Looked at in the store.
  std::uint64_t licenses_seen() const noexcept { return licenses_seen_; }

  // Not everything that may be backed up was taken, or a selection passed over what an older backup may have: that may
  // be the only place of the rest.
  bool passed_something_over() const noexcept { return passed_something_over_; }

  // The file an error is about; empty where it is about the store.
  const std::string& where() const noexcept { return where_; }

 private:
  result<void> advance_store();
  result<void> advance_backup();
  backup_decision gone(const license_id& id) const;
  result<backup_decision> decide(const license_record& item, const archive::index_entry* backed_up);

  license_store& store_;
  std::unique_ptr<merged<index_reader>> before_;
  selector selector_;
  const std::size_t license_bytes_;
  const bool takes_everything_;
  std::unique_ptr<license_cursor> look_, cursor_;
  std::optional<license_record> in_store_;
  std::optional<archive::index_entry> in_backup_;
  bool store_is_due_ = true, backup_is_due_ = true;
  std::optional<license_id> last_id_;
  std::uint64_t licenses_seen_ = 0;
  bool passed_something_over_;
  std::string where_;
};

}  // namespace reinstate::engine

#endif
