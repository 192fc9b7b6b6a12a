// SPDX-License-Identifier: BSL-1.0
#include "backup_keys.hpp"

namespace reinstate::engine {
namespace {

// A machine without an identity keeps nothing to know the set by.
result<archive::set_keys> make_keys(bool has_identity, const backup_restorer_config& config) {
  if (!has_identity) return archive::make_set_keys();
  const auto store_key = config.identity->store_key();
  if (!store_key) return store_key.error();
  return archive::make_set_keys(*store_key, config.recovery_key);
}

// The recovery file of a set this machine can go on with: it began the set, and the file still opens it in the way that
// is wanted. For whom an age file is, it does not say, so a recipient gets a new set.
std::optional<recovery_file> file_to_go_on_with(backup_medium& medium, const archive::parsed_manifest& present,
                                                const backup_restorer_config& config) {
  if (config.renew_recovery_key || config.recovery_key == recovery_key_storage::recipient ||
      own_storage_of(present, *config.identity) != config.recovery_key)
    return std::nullopt;
  std::string unused;
  auto file = find_recovery_file(medium, present.what, unused);
  if (!file || file->listed() != present.what.recovery || file->kept != config.recovery_key) return std::nullopt;
  return std::move(*file);
}

}  // namespace

result<std::optional<backup_keys>> keys_to_go_on(backup_medium& medium, const archive::parsed_manifest* present,
                                                 const std::optional<x25519_public_key>& machine,
                                                 const backup_restorer_config& config, archive::manifest& into) {
  auto file = present && machine ? file_to_go_on_with(medium, *present, config) : std::nullopt;
  if (!file) return std::optional<backup_keys>();
  const auto store_key = config.identity->store_key();
  if (!store_key) return store_key.error();
  into.set = present->what.set;
  into.recipient = present->what.recipient;
  into.recovery_generation = present->what.recovery_generation;
  into.recovery = present->what.recovery;
  std::optional<backup_keys> out(std::in_place);
  out->authentication = archive::authentication_key(*store_key, into.set, config.recovery_key);
  out->reader = reader_on(config.identity, *machine);
  out->recovery.push_back(std::move(*file));
  return out;
}

result<backup_keys> new_keys(bool has_identity, const backup_restorer_config& config, archive::manifest& into) {
  auto made = make_keys(has_identity, config);
  if (!made) return made.error();
  archive::set_keys& keys = *made;
  auto file = make_recovery_file(keys, into.generation, config);
  if (!file) return file.error();

  into.set = keys.id;
  into.recipient = keys.recipient();
  into.recovery_generation = into.generation;
  into.recovery = file->listed();
  backup_keys out;
  out.authentication = std::move(keys.authentication);
  out.reader = std::make_unique<age::x25519_identity>(std::move(keys.recovery));
  out.recovery.push_back(std::move(*file));
  return out;
}

}  // namespace reinstate::engine
