// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/salvage_search.hpp"

#include "engine/set/key_slot_files.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::engine {
namespace {

constexpr unsigned most_forged = 16;

// Returns a manifest if it is an authentic one of the set.
result<archive::parsed_manifest> checked_manifest(result<archive::parsed_manifest> found, const archive::set_id& set,
                                                  const secret_bytes& authentication) {
  if (!found) return found.error() == errc::path_not_found ? error_code(errc::generation_missing) : found.error();
  if (found->manifest.set != set) return errc::backup_mixed;
  if (!archive::is_authentic(*found, authentication)) return errc::backup_not_authentic;
  return found;
}

// Reads the manifest of a generation, or its copy, if it is an authentic one of the set.
result<archive::parsed_manifest> read_remains(backup_medium& medium, std::uint32_t generation,
                                              const archive::set_id& set, const secret_bytes& authentication) {
  auto found = checked_manifest(read_manifest(medium, generation), set, authentication);
  if (found || !is_corruption(found.error().code)) return found;
  return checked_manifest(read_manifest_copy(medium, generation), set, authentication);
}

// Reads the manifest of the generation that another one builds on. If the manifest of that number is another one, and
// so is its copy, returns it all the same: it may be of another branch of the set's history, but it is authentic.
result<archive::parsed_manifest> read_parent(backup_medium& medium, const archive::parent_generation& parent,
                                             const archive::set_id& set, const secret_bytes& authentication,
                                             std::vector<backup_damage>& damage) {
  const auto is_parent = [&](const auto& found) { return found && crypto::equal(found->digest, parent.manifest); };
  auto found = checked_manifest(read_manifest(medium, parent.generation), set, authentication);
  if (is_parent(found) || (!found && !is_corruption(found.error().code))) return found;
  damage.push_back(
      {archive::manifest_name(parent.generation), found ? error_code(errc::backup_mixed) : found.error().code});
  auto copy = checked_manifest(read_manifest_copy(medium, parent.generation), set, authentication);
  return is_parent(copy) ? std::move(copy) : std::move(found);
}

}  // namespace

salvage_search::salvage_search(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number)
    : medium_(medium), left_(committed_generations(files)) {
  if (left_.empty())
    cannot_begin_ = has_volumes(files) ? errc::manifest_damaged : errc::no_backup;
  else if (number != 0 && std::ranges::find(left_, number) == left_.end())
    cannot_begin_ = errc::generation_not_found;
  std::erase_if(left_, [number](std::uint32_t each) { return number != 0 && each > number; });
  std::ranges::reverse(left_);
}

result<archive::parsed_manifest> salvage_search::next(std::vector<backup_damage>& damage) {
  if (cannot_begin_) return cannot_begin_;
  while (!left_.empty()) {
    const std::uint32_t generation = left_.back();
    const bool is_copy = std::exchange(copy_is_next_, !copy_is_next_);
    if (is_copy) left_.pop_back();
    auto found = is_copy ? read_manifest_copy(medium_, generation) : read_manifest(medium_, generation);
    if (!found && !is_copy && !is_corruption(found.error().code)) return found;
    if (!found && !is_copy) damage.push_back({archive::manifest_name(generation), found.error().code});
    if (!found || crypto::equal(found->digest, last_.digest)) continue;
    last_ = *found;
    return found;
  }
  return errc::manifest_damaged;
}

result<archive::parsed_manifest> salvage_search::next_after_forged(std::vector<backup_damage>& damage) {
  if (++forged_ == most_forged) return errc::backup_not_authentic;
  newest_forged_ = std::max(newest_forged_, last_.manifest.generation);
  const std::string name = archive::manifest_name(last_.manifest.generation);
  if (damage.empty() || damage.back().file != name) damage.push_back({name, errc::backup_not_authentic});
  return next(damage);
}

result<unlocked_set> unlock_remains(backup_medium& medium, salvage_search& search, const backup_restorer_config& config,
                                    archive::parsed_manifest& newest, std::vector<backup_damage>& damage) {
  backup_restorer_config asking_once = config;
  asking_once.passphrase = asked_once(config.passphrase);
  for (;;) {
    auto unlocked = unlock_set(medium, newest, asking_once);
    if (unlocked || unlocked.error() != errc::backup_not_authentic) return unlocked;
    auto next = search.next_after_forged(damage);
    if (!next) return is_corruption(next.error().code) ? unlocked.error() : next.error();
    newest = std::move(*next);
  }
}

result<void> follow_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                            const secret_bytes& authentication, chain& remains, std::vector<backup_damage>& damage) {
  const archive::set_id set = remains.front().manifest.set;
  const std::vector<std::uint32_t> generations = committed_generations(files);
  while (remains.back().manifest.parent && remains.size() != archive::max_chain) {
    const archive::parent_generation parent = *remains.back().manifest.parent;
    auto next = read_parent(medium, parent, set, authentication, damage);
    for (const std::uint32_t older : generations) {
      if (next || !is_corruption(next.error().code)) break;
      if (older < parent.generation) next = read_remains(medium, older, set, authentication);
    }
    if (!next) return is_corruption(next.error().code) ? result<void>() : next.error();
    remains.push_back(std::move(*next));
  }
  return {};
}

}  // namespace reinstate::engine
