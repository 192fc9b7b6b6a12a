// SPDX-License-Identifier: BSL-1.0
#include "license/license_chain_check.hpp"

#include "license/metadata.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace reinstate {

void license_chain_check::add(const license_record& license, const std::optional<key_id>& root) {
  keys_.push_back(license.key);
  if (!root) return;
  leaves& siblings = by_root_[*root];
  ++siblings.count;
  if (siblings.listed.size() < limit_)
    siblings.listed.push_back({license.id, license.key, short_title_of(license), errc::license_chain_broken});
}

void license_chain_check::finish() {
  for (const key_id& key : std::exchange(keys_, {})) {
    if (by_root_.empty()) break;
    by_root_.erase(key);
  }
  for (auto& [root, siblings] : std::exchange(by_root_, {})) {
    count_ += siblings.count;
    std::ranges::move(siblings.listed, std::back_inserter(broken_));
  }
  std::ranges::sort(broken_, {}, &license_outcome::id);
  if (broken_.size() > limit_) broken_.resize(limit_);
}

}  // namespace reinstate
