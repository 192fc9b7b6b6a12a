// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/backup_keys.hpp"

#include "engine/set/set_unlocker.hpp"
#include "format/age/age_recipient.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// Makes keys that this machine can derive again, unless it has no identity.
result<archive::set_keys> make_keys(bool has_identity, const backup_restorer_config& config) {
  if (!has_identity) return archive::make_set_keys();
  const auto store_key = config.identity->store_key();
  if (!store_key) return store_key.error();
  return archive::make_set_keys(*store_key, config.recovery_key);
}

std::optional<crypto::digest> kept_for(const backup_restorer_config& config) {
  if (config.recovery_key != recovery_key_storage::recipient) return std::nullopt;
  const auto recipient = age::parse_recipient(config.recipient);
  if (!recipient) return std::nullopt;
  return crypto::hash(*recipient);
}

// Returns true if a slot opens the set as the configuration asks. A passphrase may have been replaced by any other way,
// such as a recovery code; for a recipient only their own slot counts.
bool serves(const slot_file& slot, recovery_key_storage wanted) {
  if (wanted == recovery_key_storage::recipient) return slot.kind == slot_kind::recipient;
  return slot.kind != slot_kind::machine &&
         (slot.kind == slot_kind::readable) == (wanted == recovery_key_storage::readable);
}

enum class answer { opens, does_not_open };

// Tries the user's passphrase on the present set. Errors: as ask, and out_of_memory.
result<answer> try_answer(const std::vector<slot_file>& slots, const archive::parsed_manifest& present,
                          const backup_restorer_config& config) {
  const auto text = ask(config.passphrase, passphrase_purpose::open);
  if (!text) return text.error();
  set_unlocker unlocker(slots, present, config.limits.max_scrypt_work_factor);
  unlocker.try_secret(*text);
  const auto opened = unlocker.finish();
  if (!opened && opened.error() == errc::out_of_memory) return opened.error();
  return opened ? answer::opens : answer::does_not_open;
}

// Returns the whole slots of the present set, or none if this machine cannot go on with it: it did not begin the set,
// or the set would open in another way than the configuration asks. Errors: those of the medium, if it could not read a
// needed slot, and of try_answer.
result<std::vector<slot_file>> slots_to_go_on_with(backup_medium& medium, const archive::parsed_manifest& present,
                                                   const backup_restorer_config& config) {
  const std::vector<slot_file> none;
  if (config.begin_new_set || own_storage_of(present, *config.identity) != config.recovery_key ||
      present.manifest.kept_for != kept_for(config))
    return none;
  auto slots = find_slots(medium, present.manifest.recovery_generation);
  if (!slots) return slots.error();
  error_code unreadable;
  const bool is_served = std::ranges::any_of(*slots, [&](const slot_file& slot) {
    const bool fits = serves(slot, config.recovery_key);
    if (fits && !slot.is_whole() && slot.trouble != errc::key_slot_damaged) unreadable = slot.trouble;
    return fits && slot.is_whole();
  });
  if (!is_served && unreadable.failed()) return unreadable;
  if (!is_served) return none;
  std::erase_if(*slots, [](const slot_file& slot) { return !slot.is_whole(); });
  if (!config.begin_new_set_if_passphrase_differs || config.recovery_key != recovery_key_storage::passphrase)
    return slots;
  const auto answered = try_answer(*slots, present, config);
  if (!answered) return answered.error();
  return *answered == answer::opens ? std::move(slots) : none;
}

}  // namespace

result<std::optional<backup_keys>> keys_to_go_on(backup_medium& medium, const archive::parsed_manifest* present,
                                                 const std::optional<x25519_public_key>& machine,
                                                 const backup_restorer_config& config, archive::manifest& manifest) {
  if (!present || !machine) return std::optional<backup_keys>();
  auto slots = slots_to_go_on_with(medium, *present, config);
  if (!slots) return slots.error();
  if (slots->empty()) return std::optional<backup_keys>();
  const auto store_key = config.identity->store_key();
  if (!store_key) return store_key.error();
  manifest.set = present->manifest.set;
  manifest.recipient = present->manifest.recipient;
  manifest.recovery_generation = present->manifest.recovery_generation;
  manifest.kept_for = present->manifest.kept_for;
  std::optional<backup_keys> out(std::in_place);
  out->authentication = archive::authentication_key(*store_key, manifest.set, config.recovery_key);
  out->reader = reader_on(config.identity, *machine);
  out->recovery = std::move(*slots);
  return out;
}

result<backup_keys> new_keys(const std::optional<x25519_public_key>& machine, const backup_restorer_config& config,
                             archive::manifest& manifest) {
  auto made = make_keys(machine.has_value(), config);
  if (!made) return made.error();
  archive::set_keys& keys = *made;
  auto slots = make_slots(keys, manifest.generation, machine, config);
  if (!slots) return slots.error();

  manifest.set = keys.id;
  manifest.recipient = keys.recipient();
  manifest.recovery_generation = manifest.generation;
  manifest.kept_for = kept_for(config);
  backup_keys out;
  out.authentication = std::move(keys.authentication);
  out.reader = std::make_unique<age::x25519_identity>(std::move(keys.recovery));
  out.recovery = std::move(*slots);
  return out;
}

}  // namespace reinstate::engine
