// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/salvage_check.hpp"

#include <utility>

namespace reinstate::engine {

result<void> salvage_check::advance() {
  if (!std::exchange(is_due_, false)) return {};
  const auto entry = known_->next_entry();
  if (!entry) return entry.error().code;
  next_ = *entry;
  return {};
}

result<salvage_check::verdict> salvage_check::judge(const license_record& found, std::size_t at,
                                                    std::vector<license_id>& lost) {
  for (;;) {
    if (const auto advanced = advance(); !advanced) return advanced.error();
    if (!next_ || next_->id >= found.id) break;
    if (!next_->is_removal) lost.push_back(next_->id);
    is_due_ = true;
  }
  if (!next_ || next_->id != found.id) return at < certain_ ? verdict::whole : verdict::earlier;
  is_due_ = true;
  if (next_->is_removal) return verdict::gone;
  return known_->source_of_last() == at && next_->revision == found.revision ? verdict::whole : verdict::earlier;
}

result<void> salvage_check::finish(std::vector<license_id>& lost) {
  for (;;) {
    if (const auto advanced = advance(); !advanced) return advanced;
    if (!next_) return {};
    if (!next_->is_removal) lost.push_back(next_->id);
    is_due_ = true;
  }
}

}  // namespace reinstate::engine
