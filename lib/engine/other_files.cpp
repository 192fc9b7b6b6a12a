// SPDX-License-Identifier: BSL-1.0
#include "other_files.hpp"

#include "backup_set.hpp"
#include "recovery_slots.hpp"
#include "small_file.hpp"

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

// Every slot is whole, and one of them opens the set when this machine is gone.
result<void> check_slots(backup_medium& medium, std::uint32_t generation, std::string& where) {
  const auto slots = find_slots(medium, generation);
  if (!slots) return slots.error();
  if (const auto bad = std::ranges::find_if_not(*slots, &slot_file::is_whole); bad != slots->end()) {
    where = bad->name;
    return bad->trouble;
  }
  if (std::ranges::any_of(*slots, &slot_file::opens_elsewhere)) return {};
  where = archive::recovery_prefix(generation);
  return errc::recovery_file_missing;
}

}  // namespace

result<void> check_other_files(backup_medium& medium, const archive::manifest& manifest,
                               const std::vector<medium_entry>& files, std::string& where) {
  if (const auto volumes = check_volumes(manifest, files, where); !volumes && volumes.error() == errc::volume_missing)
    return volumes;
  if (const auto slots = check_slots(medium, manifest.recovery_generation, where); !slots) return slots;
  const auto readme = check_readme(medium, archive::readme_names[0], manifest.readme);
  if (readme || check_readme(medium, archive::readme_names[1], manifest.readme)) return {};
  where = archive::readme_names[0];
  return readme;
}

}  // namespace reinstate::engine
