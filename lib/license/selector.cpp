// SPDX-License-Identifier: BSL-1.0
#include "license/selector.hpp"

#include "license/metadata.hpp"
#include "license/title_pattern.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace reinstate {
namespace {

// Returns true if the lists of the selection fit the license; `has(list, value)` returns true if a list has a value.
template <class Has>
bool selects(const license_selection& selection, const license_record& license, const metadata_view& metadata,
             Has has) {
  const auto fits = [&](const auto& list, const auto& value) { return list.empty() || has(list, value); };
  const auto title_fits = [&](std::string_view pattern) { return title_matches(pattern, metadata.title); };
  return fits(selection.licenses, license.id) && fits(selection.keys, license.key) &&
         fits(selection.issuers, metadata.issuer) && fits(selection.formats, metadata.format) &&
         (selection.titles.empty() || std::ranges::any_of(selection.titles, title_fits));
}

metadata_view metadata_of(const license_record& license) noexcept {
  return view_metadata(license.metadata).value_or(metadata_view());
}

bool selects_by_search(const license_selection& sorted, const license_record& license, const metadata_view& metadata) {
  return selects(sorted, license, metadata,
                 [](const auto& list, const auto& value) { return std::ranges::binary_search(list, value); });
}

// Adds all keys that can be reached from those in `reached` over links from `start` to `end`.
template <class Link>
void add_reachable(std::set<key_id>& reached, std::vector<Link>& links, key_id Link::*start, key_id Link::*end) {
  std::ranges::sort(links, {}, start);
  std::vector<key_id> pending(reached.begin(), reached.end());
  while (!pending.empty()) {
    const key_id key = pending.back();
    pending.pop_back();
    for (auto link = std::ranges::lower_bound(links, key, {}, start); link != links.end() && *link.*start == key;
         ++link)
      if (reached.insert(*link.*end).second) pending.push_back(*link.*end);
  }
}

}  // namespace

bool license_selection::selects_all() const noexcept {
  return licenses.empty() && keys.empty() && issuers.empty() && formats.empty() && titles.empty();
}

bool matches(const license_selection& selection, const license_record& license) noexcept {
  return selects(selection, license, metadata_of(license),
                 [](const auto& list, const auto& value) { return std::ranges::find(list, value) != list.end(); });
}

selector::selector(const license_selection& selection) : selects_all_(selection.selects_all()), sorted_(selection) {
  std::ranges::sort(sorted_.licenses);
  std::ranges::sort(sorted_.keys);
  std::ranges::sort(sorted_.issuers);
  std::ranges::sort(sorted_.formats);
}

void selector::look(const license_record& license) {
  if (selects_all_) return;
  const metadata_view metadata = metadata_of(license);
  if (metadata.root) links_.push_back({license.key, *metadata.root});
  if (!selects_by_search(sorted_, license, metadata)) return;
  named_keys_.push_back(license.key);
  if (metadata.root) needed_.insert(*metadata.root);
}

bool selector::takes(const license_record& license) {
  if (selects_all_) return true;
  if (!has_followed_chains_) follow_chains();
  const metadata_view metadata = metadata_of(license);
  return selects_by_search(sorted_, license, metadata) || needed_.contains(license.key) ||
         (metadata.root && taken_.contains(*metadata.root));
}

void selector::follow_chains() {
  has_followed_chains_ = true;
  std::vector<key_id> roots;
  for (const link& each : links_) roots.push_back(each.root);
  std::ranges::sort(roots);
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());

  for (const key_id& key : std::exchange(named_keys_, {}))
    if (std::ranges::binary_search(roots, key)) taken_.insert(key);

  // From here on, only leaves that are roots themselves matter. A chain seldom has a third license, but may.
  std::vector<link> middle;
  for (const link& each : std::exchange(links_, {}))
    if (std::ranges::binary_search(roots, each.leaf)) middle.push_back(each);
  add_reachable(taken_, middle, &link::root, &link::leaf);
  add_reachable(needed_, middle, &link::leaf, &link::root);
}

}  // namespace reinstate
