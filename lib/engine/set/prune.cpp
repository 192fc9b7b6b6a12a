// SPDX-License-Identifier: BSL-1.0
#include "engine/set/prune.hpp"

#include "engine/set/kept_generations.hpp"

#include <algorithm>
#include <set>

namespace reinstate::engine {
namespace {

// Returns the files for which `goes` returns true, and the generations whose manifest is among them.
template <class Goes>
removals removals_of(const std::vector<medium_entry>& files, Goes goes) {
  removals out;
  for (const medium_entry& file : files) {
    const auto generation = archive::generation_of(file.name);
    if (!generation || !goes(*generation, file.name)) continue;
    if (is_committed(file)) out.generations.push_back(*generation);
    out.files.push_back(file.name);
  }
  const auto others = std::stable_partition(out.files.begin(), out.files.end(), archive::is_manifest_name);
  std::reverse(out.files.begin(), others);
  return out;
}

std::vector<dated_generation> dated(const std::vector<archive::manifest>& all) {
  std::vector<dated_generation> out;
  out.reserve(all.size());
  for (const archive::manifest& each : all) out.push_back({each.generation, each.created});
  return out;
}

// Returns the generations the policy keeps and those they build on.
std::set<std::uint32_t> needed(const std::vector<archive::manifest>& all, const keep_policy& policy) {
  const auto wanted = kept(policy, dated(all));
  std::set<std::uint32_t> out(wanted.begin(), wanted.end());
  // Newest first: a parent is always older.
  std::vector<const archive::manifest*> newest_first;
  newest_first.reserve(all.size());
  for (const archive::manifest& each : all) newest_first.push_back(&each);
  std::ranges::sort(newest_first, std::greater(), &archive::manifest::generation);
  for (const archive::manifest* each : newest_first)
    if (each->parent && out.contains(each->generation)) out.insert(each->parent->generation);
  return out;
}

}  // namespace

result<std::vector<archive::manifest>> own_generations(backup_medium& medium, const std::vector<medium_entry>& files,
                                                       machine_identity& identity) {
  std::vector<archive::manifest> out;
  for (generation_found& each : all_generations(medium, files)) {
    if (each.manifest && own_storage_of(*each.manifest, identity)) out.push_back(std::move(each.manifest->manifest));
    if (each.manifest || is_corruption(each.manifest.error())) continue;
    if (each.manifest.error() != errc::backup_version_unsupported) return each.manifest.error().code;
  }
  return out;
}

bool outlives(const archive::manifest& older, const archive::manifest& newer, const std::vector<archive::manifest>& own,
              const keep_policy& policy) {
  std::vector<archive::manifest> all = own;
  all.push_back(newer);
  return std::ranges::binary_search(kept(policy, dated(all)), older.generation);
}

removals everything_older(const std::vector<medium_entry>& files, const archive::manifest& newest) {
  return removals_of(files, [&](std::uint32_t generation, const std::string& name) {
    const bool opens_newest = archive::parse_recovery_name(name) && generation == newest.recovery_generation;
    return generation < newest.generation && !opens_newest;
  });
}

removals superfluous(const std::vector<medium_entry>& files, const archive::manifest& newest,
                     const std::vector<archive::manifest>& own, const keep_policy& policy) {
  std::vector<archive::manifest> all = own;
  std::erase_if(all, [&](const archive::manifest& each) { return each.generation == newest.generation; });
  all.push_back(newest);
  const std::set<std::uint32_t> stays = needed(all, policy);
  std::set<std::uint32_t> is_own, is_committed, opens_what_stays;
  for (const archive::manifest& each : all) {
    is_own.insert(each.generation);
    if (stays.contains(each.generation)) opens_what_stays.insert(each.recovery_generation);
  }
  for (const medium_entry& file : files)
    if (engine::is_committed(file)) is_committed.insert(*archive::generation_of(file.name));
  // A generation of another machine, or one that cannot be read, may need any of the slots.
  const bool is_only_ours = std::ranges::includes(is_own, is_committed);
  return removals_of(files, [&](std::uint32_t generation, const std::string& name) {
    if (generation >= newest.generation) return false;
    if (archive::parse_recovery_name(name)) return is_only_ours && !opens_what_stays.contains(generation);
    if (!is_committed.contains(generation)) return true;
    return is_own.contains(generation) && !stays.contains(generation);
  });
}

}  // namespace reinstate::engine
