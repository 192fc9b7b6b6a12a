// SPDX-License-Identifier: BSL-1.0
#include "engine/set/sidecar_check.hpp"

#include "engine/set/key_slot_files.hpp"
#include "engine/set/small_file.hpp"
#include "format/archive/archive_set.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

result<void> check_readme(backup_medium& medium, std::string_view name, const crypto::digest& content) {
  const auto bytes = read_small_file(medium, name, max_text_file);
  if (!bytes && bytes.error() == errc::path_not_found) return errc::volume_missing;
  if (!bytes) return bytes.error();
  if (!crypto::equal(crypto::hash(*bytes), content)) return errc::backup_damaged;
  return {};
}

// Checks that every slot is whole, and that one of them opens the set without this machine.
result<void> check_slots(backup_medium& medium, std::uint32_t generation, std::vector<backup_damage>& damage) {
  const auto slots = find_slots(medium, generation);
  if (!slots) return slots.error();
  const std::size_t before = damage.size();
  for (const slot_file& slot : *slots)
    if (!slot.is_whole()) damage.push_back({slot.name, slot.trouble});
  if (damage.size() == before && std::ranges::none_of(*slots, &slot_file::opens_elsewhere))
    damage.push_back({archive::recovery_prefix(generation), errc::key_slot_missing});
  return {};
}

}  // namespace

result<void> find_sidecar_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage) {
  if (const auto copies = find_copy_damage(medium, all, damage); !copies) return copies;
  const archive::manifest& manifest = all.front().manifest;
  if (const auto slots = check_slots(medium, manifest.recovery_generation, damage); !slots) return slots;
  const auto readme = check_readme(medium, archive::readme_names[0], manifest.readme);
  if (readme || check_readme(medium, archive::readme_names[1], manifest.readme)) return {};
  damage.push_back({std::string(archive::readme_names[0]), readme.error().code});
  return {};
}

}  // namespace reinstate::engine
