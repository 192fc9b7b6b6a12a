// SPDX-License-Identifier: BSL-1.0
#include "license/selector.hpp"

#include "license/metadata.hpp"
#include "license/title_pattern.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace reinstate {
namespace {

// Whether the selection names the license; `has(list, value)` says whether a list has a value.
template <class Has>
bool names(const license_selection& selection, const license_record& item, const metadata_view& described, Has has) {
  const auto fits = [&](const auto& list, const auto& value) { return list.empty() || has(list, value); };
  const auto title_fits = [&](std::string_view pattern) { return title_matches(pattern, described.title); };
  return fits(selection.licenses, item.id) && fits(selection.keys, item.key) &&
         fits(selection.issuers, described.issuer) && fits(selection.formats, described.format) &&
         (selection.titles.empty() || std::ranges::any_of(selection.titles, title_fits));
}

metadata_view described_by(const license_record& item) noexcept {
  return view_metadata(item.metadata).value_or(metadata_view());
}

bool names_by_search(const license_selection& sorted, const license_record& item, const metadata_view& described) {
  return names(sorted, item, described,
               [](const auto& list, const auto& value) { return std::ranges::binary_search(list, value); });
}

// Adds what can be reached from what is in `reached`, each link followed one way.
template <class Link>
void spread(std::set<key_id>& reached, std::vector<Link>& links, key_id Link::*from, key_id Link::*to) {
  std::ranges::sort(links, {}, from);
  std::vector<key_id> open(reached.begin(), reached.end());
  while (!open.empty()) {
    const key_id at = open.back();
    open.pop_back();
    for (auto each = std::ranges::lower_bound(links, at, {}, from); each != links.end() && *each.*from == at; ++each)
      if (reached.insert(*each.*to).second) open.push_back(*each.*to);
  }
}

}  // namespace

bool license_selection::selects_all() const noexcept {
  return licenses.empty() && keys.empty() && issuers.empty() && formats.empty() && titles.empty();
}

bool matches(const license_selection& selection, const license_record& item) noexcept {
  return names(selection, item, described_by(item),
               [](const auto& list, const auto& value) { return std::ranges::find(list, value) != list.end(); });
}

selector::selector(const license_selection& selection) : all_(selection.selects_all()), sorted_(selection) {
  std::ranges::sort(sorted_.licenses);
  std::ranges::sort(sorted_.keys);
  std::ranges::sort(sorted_.issuers);
  std::ranges::sort(sorted_.formats);
}

void selector::look(const license_record& item) {
  if (all_) return;
  const metadata_view described = described_by(item);
  if (described.root) links_.push_back({item.key, *described.root});
  if (!names_by_search(sorted_, item, described)) return;
  named_keys_.push_back(item.key);
  if (described.root) needed_.insert(*described.root);
}

bool selector::takes(const license_record& item) {
  if (all_) return true;
  if (!followed_) follow_chains();
  const metadata_view described = described_by(item);
  return names_by_search(sorted_, item, described) || needed_.contains(item.key) ||
         (described.root && taken_.contains(*described.root));
}

void selector::follow_chains() {
  followed_ = true;
  std::vector<key_id> roots;
  for (const link& each : links_) roots.push_back(each.root);
  std::ranges::sort(roots);
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());

  for (const key_id& key : std::exchange(named_keys_, {}))
    if (std::ranges::binary_search(roots, key)) taken_.insert(key);

  // From here on only leaves matter that are roots themselves. Chains seldom have a third link, but may.
  std::vector<link> middle;
  for (const link& each : std::exchange(links_, {}))
    if (std::ranges::binary_search(roots, each.leaf)) middle.push_back(each);
  spread(taken_, middle, &link::root, &link::leaf);
  spread(needed_, middle, &link::leaf, &link::root);
}

}  // namespace reinstate
