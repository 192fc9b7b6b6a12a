// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/concurrent_backups.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// Returns true for a slot of the set this generation belongs to, even one that was added while this backup ran.
bool is_slot_of(const archive::manifest& own, const std::string& name) {
  const auto slot = archive::parse_recovery_name(name);
  return slot && slot->generation == own.recovery_generation;
}

}  // namespace

result<void> check_alone(backup_medium& medium, const archive::manifest& own, const backup_keys& keys,
                         const std::vector<std::string>& created) {
  const auto files = medium.list();
  if (!files) return files.error();
  // Committed since this backup began: after the generation it builds on, or with a higher number.
  const std::uint32_t known = own.parent ? own.parent->generation : own.generation;
  const auto is_newer = [&](const medium_entry& file) {
    return is_committed(file) && archive::generation_of(file.name) > known;
  };
  const auto is_missing = [&](const std::string& name) { return find_file(*files, name) == nullptr; };
  if (std::ranges::any_of(*files, is_newer) || std::ranges::any_of(created, is_missing) ||
      std::ranges::any_of(keys.recovery, is_missing, &slot_file::name))
    return errc::medium_in_use;
  return {};
}

result<void> check_still_there(backup_medium& medium, const archive::manifest& own,
                               const std::vector<std::string>& created) {
  auto files = medium.list();
  if (!files) return files.error();
  for (const std::string& name : created)
    if (find_file(*files, name) == nullptr) return errc::medium_in_use;
  std::erase_if(*files, [&](const medium_entry& file) {
    return !is_committed(file) || archive::generation_of(file.name) <= own.generation;
  });
  const auto newer = all_generations(medium, *files);
  const bool is_built_on = std::ranges::any_of(newer, [&](const generation_found& each) {
    return each.manifest && each.manifest->manifest.parent &&
           each.manifest->manifest.parent->generation == own.generation;
  });
  return newer.empty() || is_built_on ? result<void>() : errc::medium_in_use;
}

bool is_shared(backup_medium& medium, const archive::manifest& own, const std::string& name) {
  const bool is_recovery = is_slot_of(own, name);
  if (!is_recovery && name.find('/') != std::string::npos) return false;
  const auto files = medium.list();
  return files && std::ranges::any_of(*files, [&](const medium_entry& file) {
           const auto generation = archive::generation_of(file.name);
           return generation && (is_recovery ? *generation > own.generation : *generation != own.generation);
         });
}

}  // namespace reinstate::engine
