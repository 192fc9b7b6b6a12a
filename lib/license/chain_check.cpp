// SPDX-License-Identifier: BSL-1.0
#include "license/chain_check.hpp"

#include "license/metadata.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace reinstate {

void chain_check::add(const license_record& taken, const std::optional<key_id>& root) {
  keys_.push_back(taken.key);
  if (!root) return;
  leaves& beside = by_root_[*root];
  ++beside.count;
  if (beside.first.size() < limit_)
    beside.first.push_back({taken.id, taken.key, short_title_of(taken), errc::license_chain_broken});
}

void chain_check::finish() {
  for (const key_id& key : std::exchange(keys_, {})) {
    if (by_root_.empty()) break;
    by_root_.erase(key);
  }
  for (auto& [root, beside] : std::exchange(by_root_, {})) {
    count_ += beside.count;
    std::ranges::move(beside.first, std::back_inserter(broken_));
  }
  std::ranges::sort(broken_, {}, &license_outcome::id);
  if (broken_.size() > limit_) broken_.resize(limit_);
}

}  // namespace reinstate
