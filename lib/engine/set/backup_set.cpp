// SPDX-License-Identifier: BSL-1.0
#include "engine/set/backup_set.hpp"

#include "engine/set/set_unlocker.hpp"
#include "engine/set/small_file.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

result<archive::parsed_manifest> read_manifest_file(backup_medium& medium, const std::string& name,
                                                    std::uint32_t generation) {
  const auto bytes = read_small_file(medium, name, archive::max_manifest_size);
  if (!bytes) return bytes.error() == errc::backup_damaged ? failure(errc::manifest_damaged, name) : bytes.error();
  auto parsed = archive::parse_manifest(*bytes);
  if (parsed && parsed->manifest.generation != generation) return failure(errc::backup_mixed, name);
  return in_file(name, std::move(parsed));
}

// Reads the manifests of a generation's parents.
result<chain> chain_from(backup_medium& medium, archive::parsed_manifest newest) {
  chain out;
  out.push_back(std::move(newest));
  while (const auto parent = out.back().manifest.parent) {
    if (out.size() == archive::max_chain)  // no writer makes a longer chain
      return failure(errc::manifest_damaged, archive::manifest_name(out.back().manifest.generation));
    auto manifest = read_manifest(medium, parent->generation);
    if (!manifest && manifest.error() == errc::path_not_found)
      return failure(errc::generation_missing, archive::manifest_name(parent->generation));
    if (!manifest) return manifest.error();
    if (!crypto::equal(manifest->digest, parent->manifest) || manifest->manifest.set != out.back().manifest.set)
      return failure(errc::backup_mixed, archive::manifest_name(parent->generation));
    out.push_back(std::move(*manifest));
  }
  return out;
}

// Returns true if a manifest that this machine cannot authenticate names a set that it began. No other machine writes
// to such a set, so there is no need to ask for a passphrase.
bool claims_own_set(backup_medium& medium, const archive::parsed_manifest& manifest, machine_identity& identity) {
  const auto files = medium.list();
  if (!files || !identity.store_key()) return false;
  return std::ranges::any_of(committed_generations(*files), [&](std::uint32_t number) {
    const auto other = read_manifest(medium, number);
    return other && other->manifest.set == manifest.manifest.set && own_storage_of(*other, identity);
  });
}

result<void> check_size(const std::string& name, std::uint64_t listed, const std::vector<medium_entry>& files) {
  const medium_entry* file = find_file(files, name);
  if (file == nullptr) return failure(errc::volume_missing, name);
  if (file->size < listed) return failure(errc::backup_truncated, name);
  if (file->size > listed) return failure(errc::backup_damaged, name);
  return {};
}

}  // namespace

const medium_entry* find_file(const std::vector<medium_entry>& files, std::string_view name) {
  const auto found = std::ranges::lower_bound(files, name, {}, &medium_entry::name);
  return found == files.end() || found->name != name ? nullptr : &*found;
}

bool is_committed(const medium_entry& file) {
  return archive::is_manifest_name(file.name) && file.size != 0;
}

bool is_corruption(const error_code& error) noexcept {
  return error.category() == error_category() &&
         info_of(static_cast<errc>(error.value())).kind == error_kind::corrupted;
}

std::vector<std::uint32_t> committed_generations(const std::vector<medium_entry>& files) {
  std::vector<std::uint32_t> found;
  for (const medium_entry& file : files)
    if (is_committed(file)) found.push_back(*archive::generation_of(file.name));
  std::ranges::sort(found, std::greater());
  return found;
}

bool has_volumes(const std::vector<medium_entry>& files) {
  return std::ranges::any_of(files, [](const medium_entry& file) {
    return file.name.find('/') != std::string::npos && file.name.ends_with(".age") && archive::generation_of(file.name);
  });
}

result<archive::parsed_manifest> read_manifest(backup_medium& medium, std::uint32_t generation) {
  return read_manifest_file(medium, archive::manifest_name(generation), generation);
}

result<archive::parsed_manifest> read_manifest_copy(backup_medium& medium, std::uint32_t generation) {
  return read_manifest_file(medium, archive::manifest_copy_name(generation), generation);
}

bool holds_backup(const std::vector<medium_entry>& files) {
  return !committed_generations(files).empty();
}

std::uint32_t newest_generation(const std::vector<medium_entry>& files) {
  const auto generations = committed_generations(files);
  return generations.empty() ? 0 : generations.front();
}

bool may_hold_licenses(backup_medium& medium, const std::vector<medium_entry>& files) {
  const std::vector<std::uint32_t> generations = committed_generations(files);
  if (generations.empty()) return has_volumes(files);
  return std::ranges::any_of(generations, [&](std::uint32_t generation) {
    const auto manifest = read_manifest(medium, generation);
    return !manifest || manifest->manifest.licenses_in_all != 0;
  });
}

std::vector<generation_found> all_generations(backup_medium& medium, const std::vector<medium_entry>& files) {
  std::vector<generation_found> out;
  for (const std::uint32_t number : committed_generations(files))
    out.push_back({number, read_manifest(medium, number)});
  return out;
}

result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number,
                              std::vector<backup_damage>& passed_over) {
  const std::vector<std::uint32_t> generations = committed_generations(files);
  if (generations.empty()) return has_volumes(files) ? errc::manifest_damaged : errc::no_backup;
  if (number != 0 && std::ranges::find(generations, number) == generations.end()) return errc::generation_not_found;
  std::optional<chain> newest_readable;
  for (const std::uint32_t generation : generations) {
    if (number != 0 && generation != number) continue;
    auto manifest = read_manifest(medium, generation);
    auto found = manifest ? chain_from(medium, std::move(*manifest)) : manifest.error();
    const auto whole = found ? check_volumes(*found, files) : result<void>(found.error());
    if (whole) return found;
    passed_over.push_back(damage_of(whole.error()));
    if (!found && !is_corruption(found.error())) return found;
    if (found && !newest_readable) newest_readable = std::move(*found);
  }
  if (!newest_readable) return failure(passed_over.front().error, passed_over.back().file);
  passed_over.clear();
  return std::move(*newest_readable);
}

result<chain> find_generation(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number) {
  std::vector<backup_damage> passed_over;
  return find_generation(medium, files, number, passed_over);
}

result<void> check_volumes(const archive::manifest& manifest, const std::vector<medium_entry>& files) {
  for (std::uint32_t i = 0; i != manifest.volumes.size(); ++i) {
    const std::string name = archive::volume_name(manifest.generation, i + 1);
    if (const auto checked = check_size(name, manifest.volumes[i].size, files); !checked) return checked;
  }
  return {};
}

result<void> check_volumes(const chain& all, const std::vector<medium_entry>& files) {
  for (const archive::parsed_manifest& each : all)
    if (const auto checked = check_volumes(each.manifest, files); !checked) return checked;
  return {};
}

bool is_complete(const chain& all, const std::vector<medium_entry>& files) {
  return std::ranges::all_of(all, [&](const archive::parsed_manifest& each) {
    return check_volumes(each.manifest, files) &&
           check_size(archive::index_name(each.manifest.generation), each.manifest.index.size, files);
  });
}

result<void> find_copy_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage) {
  for (const archive::parsed_manifest& each : all) {
    const auto copy = read_manifest_copy(medium, each.manifest.generation);
    const bool is_there = copy || copy.error() != errc::path_not_found;
    if (!copy && is_there && !is_corruption(copy.error())) return copy.error().code;
    const bool is_same = copy && crypto::equal(copy->digest, each.digest);
    if (is_same) continue;
    const error_code error = copy       ? errc::backup_mixed
                             : is_there ? copy.error().code
                                        : make_error_code(errc::manifest_damaged);
    damage.push_back({archive::manifest_copy_name(each.manifest.generation), error});
  }
  return {};
}

bool is_header_of(const archive::manifest& manifest, const archive::volume_header& header) noexcept {
  const std::optional<crypto::digest> parent =
      manifest.parent ? std::optional(manifest.parent->manifest) : std::nullopt;
  return header.set == manifest.set && header.generation == manifest.generation && header.parent == parent;
}

std::optional<recovery_key_storage> own_storage_of(const archive::parsed_manifest& manifest,
                                                   machine_identity& identity) {
  const auto store_key = identity.store_key();
  if (!store_key) return std::nullopt;
  for (const auto kept :
       {recovery_key_storage::passphrase, recovery_key_storage::recipient, recovery_key_storage::readable})
    if (archive::is_authentic(manifest, archive::authentication_key(*store_key, manifest.manifest.set, kept)))
      return kept;
  return std::nullopt;
}

std::unique_ptr<age::identity> reader_on(std::shared_ptr<machine_identity> identity, const x25519_public_key& own) {
  return std::make_unique<age::x25519_identity>(
      own, [identity = std::move(identity)](const x25519_public_key& share) { return identity->agree(share); });
}

result<unlocked_set> unlock_set(backup_medium& medium, const archive::parsed_manifest& manifest,
                                const backup_restorer_config& config) {
  const auto kept = own_storage_of(manifest, *config.identity);
  if (kept && (*kept != recovery_key_storage::readable || config.recovery_key == recovery_key_storage::readable)) {
    const auto public_identity = config.identity->public_identity();
    if (!public_identity) return public_identity.error();
    const auto store_key = config.identity->store_key();
    if (!store_key) return store_key.error();
    return unlocked_set{reader_on(config.identity, public_identity->agreement),
                        archive::authentication_key(*store_key, manifest.manifest.set, *kept), std::nullopt};
  }
  if (!kept && claims_own_set(medium, manifest, *config.identity))
    return failure(errc::backup_not_authentic, archive::manifest_name(manifest.manifest.generation));
  const auto slots = find_slots(medium, manifest.manifest.recovery_generation);
  if (!slots) return slots.error();
  set_unlocker unlocker(*slots, manifest, config.limits.max_scrypt_work_factor);
  if (config.recovery_key == recovery_key_storage::readable) unlocker.try_readable();
  if (!unlocker.is_open())
    if (const auto tried = unlocker.try_source(config.passphrase); !tried) return tried.error();
  auto opened = unlocker.finish();
  if (!opened) return opened.error();
  return unlocked_set{std::make_unique<age::x25519_identity>(opened->keys.recovery.clone()),
                      std::move(opened->keys.authentication), backup_owner(std::move(opened->keys.recovery))};
}

}  // namespace reinstate::engine
