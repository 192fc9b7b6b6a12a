// SPDX-License-Identifier: BSL-1.0
#include "other_files.hpp"

#include "backup_set.hpp"
#include "recovery_file.hpp"
#include "small_file.hpp"

namespace reinstate::engine {
namespace {

result<void> check_readme(backup_medium& medium, std::string_view name, const crypto::digest& content) {
  const auto bytes = read_small_file(medium, name, max_text_file);
  if (!bytes && bytes.error() == errc::path_not_found) return errc::volume_missing;
  if (!bytes) return bytes.error();
  if (!crypto::equal(crypto::hash(*bytes), content)) return errc::backup_damaged;
  return {};
}

}  // namespace

result<void> check_other_files(backup_medium& medium, const archive::manifest& manifest,
                               const std::vector<medium_entry>& files, std::string& where) {
  if (const auto volumes = check_volumes(manifest, files, where); !volumes && volumes.error() == errc::volume_missing)
    return volumes;
  const auto recovery = find_recovery_file(medium, manifest, where);
  if (!recovery) return recovery.error();
  if (recovery->listed() != manifest.recovery) {
    where = recovery->name;
    return errc::recovery_file_damaged;
  }
  const auto readme = check_readme(medium, archive::readme_names[0], manifest.readme);
  if (readme || check_readme(medium, archive::readme_names[1], manifest.readme)) return {};
  where = archive::readme_names[0];
  return readme;
}

}  // namespace reinstate::engine
