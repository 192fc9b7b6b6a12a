// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/store_comparison.hpp"

#include <utility>

namespace reinstate::engine {

result<void> store_comparison::advance_store() {
  if (!store_ || !std::exchange(store_is_due_, false)) return {};
  const auto item = store_->next();
  if (!item) return item.error();
  in_store_ = *item;
  if (!in_store_) {
    store_.reset();  // releases the snapshot, which the player may need
    return {};
  }
  if (last_id_ && in_store_->id <= *last_id_) return errc::store_failed;
  last_id_ = in_store_->id;
  ++seen_in_store_;
  return {};
}

result<void> store_comparison::advance_backup() {
  if (!backup_ || !std::exchange(backup_is_due_, false)) return {};
  const auto entry = backup_->next();
  if (!entry) return entry.error();
  in_backup_ = *entry;
  return {};
}

result<std::optional<store_comparison::license>> store_comparison::next() {
  if (const auto advanced = advance_store(); !advanced) return advanced.error();
  if (const auto advanced = advance_backup(); !advanced) return advanced.error();
  if (!in_store_ && !in_backup_) return std::optional<license>();
  store_is_due_ = in_store_ && (!in_backup_ || in_store_->id <= in_backup_->id);
  backup_is_due_ = in_backup_ && (!in_store_ || in_backup_->id <= in_store_->id);
  return std::optional(license{store_is_due_ ? &*in_store_ : nullptr, backup_is_due_ ? &*in_backup_ : nullptr});
}

}  // namespace reinstate::engine
