// SPDX-License-Identifier: BSL-1.0
#include "backup_set.hpp"

#include "recovery_file.hpp"
#include "small_file.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// Generations that have a manifest, newest first.
std::vector<std::uint32_t> committed_generations(const std::vector<medium_entry>& files) {
  std::vector<std::uint32_t> found;
  for (const medium_entry& file : files)
    if (archive::is_manifest_name(file.name)) found.push_back(*archive::generation_of(file.name));
  std::ranges::sort(found, std::greater());
  return found;
}

result<archive::parsed_manifest> read_manifest(backup_medium& medium, std::uint32_t generation) {
  const auto bytes = read_small_file(medium, archive::manifest_name(generation), archive::max_manifest_size);
  if (!bytes) return bytes.error() == errc::backup_damaged ? error_code(errc::manifest_damaged) : bytes.error();
  auto parsed = archive::parse_manifest(*bytes);
  if (!parsed) return parsed;
  if (parsed->what.generation != generation) return errc::backup_mixed;
  if (parsed->what.parent) return errc::backup_version_unsupported;  // it builds on another one; this version cannot
  return parsed;
}

// Volumes of a generation that may never have been committed.
bool has_volumes(const std::vector<medium_entry>& files) {
  return std::ranges::any_of(files, [](const medium_entry& file) {
    return file.name.find('/') != std::string::npos && file.name.ends_with(".age") && archive::generation_of(file.name);
  });
}

}  // namespace

const medium_entry* find_file(const std::vector<medium_entry>& files, std::string_view name) {
  const auto found = std::ranges::lower_bound(files, name, {}, &medium_entry::name);
  return found == files.end() || found->name != name ? nullptr : &*found;
}

bool is_corruption(const error_code& error) noexcept {
  return error.category() == error_category() &&
         info_of(static_cast<errc>(error.value())).kind == error_kind::corrupted;
}

bool holds_backup(const std::vector<medium_entry>& files) {
  return !committed_generations(files).empty();
}

bool may_hold_licenses(backup_medium& medium, const std::vector<medium_entry>& files) {
  const std::vector<std::uint32_t> generations = committed_generations(files);
  if (generations.empty()) return has_volumes(files);
  return std::ranges::any_of(generations, [&](std::uint32_t generation) {
    const auto manifest = read_manifest(medium, generation);
    return !manifest || manifest->what.licenses != 0;
  });
}

result<archive::parsed_manifest> find_generation(backup_medium& medium, const std::vector<medium_entry>& files,
                                                 std::string& where) {
  const std::vector<std::uint32_t> generations = committed_generations(files);
  if (generations.empty()) return has_volumes(files) ? errc::manifest_damaged : errc::no_backup;
  error_code first_error;
  std::optional<archive::parsed_manifest> newest_whole;
  for (const std::uint32_t generation : generations) {
    auto manifest = read_manifest(medium, generation);
    if (!manifest) {
      const bool goes_on = is_corruption(manifest.error());
      if (!first_error || !goes_on) {
        first_error = manifest.error();
        where = archive::manifest_name(generation);
      }
      if (!goes_on) return first_error;
      continue;
    }
    std::string unused;
    if (check_volumes(manifest->what, files, unused)) {
      where.clear();
      return manifest;
    }
    if (!newest_whole) newest_whole = std::move(*manifest);
  }
  if (!newest_whole) return first_error;
  where.clear();
  return std::move(*newest_whole);
}

result<void> check_volumes(const archive::manifest& manifest, const std::vector<medium_entry>& files,
                           std::string& where) {
  for (std::uint32_t i = 0; i != manifest.volumes.size(); ++i) {
    where = archive::volume_name(manifest.generation, i + 1);
    const medium_entry* file = find_file(files, where);
    if (file == nullptr) return errc::volume_missing;
    if (file->size < manifest.volumes[i].size) return errc::backup_truncated;
    if (file->size > manifest.volumes[i].size) return errc::backup_damaged;
  }
  where.clear();
  return {};
}

std::optional<recovery_key_storage> own_storage_of(const archive::parsed_manifest& manifest,
                                                   machine_identity& identity) {
  const auto store_key = identity.store_key();
  if (!store_key) return std::nullopt;
  for (const auto kept :
       {recovery_key_storage::passphrase, recovery_key_storage::recipient, recovery_key_storage::readable})
    if (archive::is_authentic(manifest, archive::authentication_key(*store_key, manifest.what.set, kept))) return kept;
  return std::nullopt;
}

std::unique_ptr<age::identity> reader_on(std::shared_ptr<machine_identity> identity, const x25519_public_key& own) {
  return std::make_unique<age::x25519_identity>(
      own, [identity = std::move(identity)](const x25519_public_key& share) { return identity->agree(share); });
}

result<std::unique_ptr<age::identity>> open_set(backup_medium& medium, const archive::parsed_manifest& manifest,
                                                const backup_restorer_config& config, std::string& where) {
  const auto kept = own_storage_of(manifest, *config.identity);
  if (kept && (*kept != recovery_key_storage::readable || config.recovery_key == recovery_key_storage::readable)) {
    const auto public_identity = config.identity->public_identity();
    if (!public_identity) return public_identity.error();
    return reader_on(config.identity, public_identity->agreement);
  }
  auto keys = open_recovery_file(medium, manifest.what, config, where);
  if (!keys) return keys.error();
  if (!archive::is_authentic(manifest, keys->authentication)) {
    where = archive::manifest_name(manifest.what.generation);
    return errc::backup_not_authentic;
  }
  return std::make_unique<age::x25519_identity>(std::move(keys->recovery));
}

}  // namespace reinstate::engine
