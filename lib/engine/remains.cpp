// SPDX-License-Identifier: BSL-1.0
#include "remains.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// A manifest of the set, if it is genuine.
result<archive::parsed_manifest> genuine(result<archive::parsed_manifest> found, const archive::set_id& set,
                                         const secret_bytes& authentication) {
  if (!found) return found.error() == errc::path_not_found ? error_code(errc::generation_missing) : found.error();
  if (found->what.set != set) return errc::backup_mixed;
  if (!archive::is_authentic(*found, authentication)) return errc::backup_not_authentic;
  return found;
}

// Some generation of the set, if it is genuine.
result<archive::parsed_manifest> read_remains(backup_medium& medium, std::uint32_t generation,
                                              const archive::set_id& set, const secret_bytes& authentication) {
  auto found = genuine(read_manifest(medium, generation), set, authentication);
  if (found || !is_corruption(found.error())) return found;
  return genuine(read_manifest_copy(medium, generation), set, authentication);
}

// The generation that another one builds on. Where the manifest of that number is another, and its copy is not the
// right one either, it is taken all the same: it may be of another course of the set, but it is genuine.
result<archive::parsed_manifest> read_parent(backup_medium& medium, const archive::parent_generation& parent,
                                             const archive::set_id& set, const secret_bytes& authentication,
                                             std::vector<backup_damage>& damage) {
  const auto is_meant = [&](const auto& found) { return found && crypto::equal(found->file, parent.manifest); };
  auto found = genuine(read_manifest(medium, parent.generation), set, authentication);
  if (is_meant(found) || (!found && !is_corruption(found.error()))) return found;
  damage.push_back({archive::manifest_name(parent.generation), found ? error_code(errc::backup_mixed) : found.error()});
  auto copy = genuine(read_manifest_copy(medium, parent.generation), set, authentication);
  return is_meant(copy) ? std::move(copy) : std::move(found);
}

}  // namespace

result<archive::parsed_manifest> find_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                                              std::uint32_t number, std::vector<backup_damage>& damage) {
  const std::vector<std::uint32_t> generations = committed_generations(files);
  if (generations.empty()) return has_volumes(files) ? errc::manifest_damaged : errc::no_backup;
  if (number != 0 && std::ranges::find(generations, number) == generations.end()) return errc::generation_not_found;
  for (const std::uint32_t generation : generations) {
    if (number != 0 && generation > number) continue;
    auto manifest = read_manifest(medium, generation);
    if (manifest || !is_corruption(manifest.error())) return manifest;
    damage.push_back({archive::manifest_name(generation), manifest.error()});
    manifest = read_manifest_copy(medium, generation);
    if (manifest) return manifest;
  }
  return errc::manifest_damaged;
}

result<void> follow_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                            const secret_bytes& authentication, chain& remains, std::vector<backup_damage>& damage) {
  const archive::set_id set = remains.front().what.set;
  const std::vector<std::uint32_t> generations = committed_generations(files);
  while (remains.back().what.parent && remains.size() != archive::max_chain) {
    const archive::parent_generation parent = *remains.back().what.parent;
    auto next = read_parent(medium, parent, set, authentication, damage);
    for (const std::uint32_t older : generations) {
      if (next || !is_corruption(next.error())) break;
      if (older < parent.generation) next = read_remains(medium, older, set, authentication);
    }
    if (!next) return is_corruption(next.error()) ? result<void>() : next.error();
    remains.push_back(std::move(*next));
  }
  return {};
}

}  // namespace reinstate::engine
