// SPDX-License-Identifier: BSL-1.0
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "engine/set/backup_set.hpp"
#include "engine/set/newest_set.hpp"
#include "engine/set/set_unlocker.hpp"
#include "engine/set/small_file.hpp"
#include "format/age/age_recipient.hpp"

#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>

namespace reinstate {
namespace {

using engine::newest_set;
using engine::set_unlocker;
using engine::slot_file;

key_slot described(const slot_file& slot) {
  return {slot.name, slot.kind, !slot.is_whole()};
}

result<archive::set_keys> keys_of(set_unlocker& unlocker) {
  auto opened = unlocker.finish();
  if (!opened) return opened.error().code;
  return std::move(opened->keys);
}

// Opens the slot of the machine, if it began the set: it authenticates the set with a key that no other machine can
// derive, so that an attacker cannot plant a set that a machine takes for its own.
result<archive::set_keys> open_by_machine(const newest_set& set, const std::shared_ptr<machine_identity>& machine) {
  const auto kept = engine::own_storage_of(set.newest, *machine);
  if (!kept) return errc::no_key_for_backup;
  if (*kept == recovery_key_storage::readable) return errc::recovery_key_exposed;
  const auto own = machine->public_identity();
  if (!own) return own.error();
  set_unlocker unlocker(set.slots, set.newest, 0);
  unlocker.try_machine(*engine::reader_on(machine, own->agreement));
  return keys_of(unlocker);
}

result<archive::set_keys> open_keys(const newest_set& set, const set_credentials& opener) {
  if (opener.identity)
    if (auto keys = open_by_machine(set, opener.identity); keys || !opener.ask_secret) return keys;
  set_unlocker unlocker(set.slots, set.newest, opener.max_scrypt_work_factor);
  if (const auto tried = unlocker.try_source(opener.ask_secret); !tried) return tried.error().code;
  return keys_of(unlocker);
}

// Returns true if a readable slot exposes the keys, so that no other slot can protect them. A planted one does not
// count.
bool lies_readable(const newest_set& set) {
  set_unlocker unlocker(set.slots, set.newest, 0);
  unlocker.try_readable();
  return unlocker.is_open();
}

bool is_addable(const new_slot& slot) noexcept {
  return engine::is_scrypt(slot.kind) || engine::is_for_identity(slot.kind);
}

// Returns true if one more slot stays within the number that a reader looks at.
bool has_room(const std::vector<slot_file>& slots, slot_kind kind) {
  if (slots.size() >= engine::max_slots) return false;
  const auto scrypt = std::ranges::count_if(slots, [](const slot_file& slot) { return engine::is_scrypt(slot.kind); });
  return !engine::is_scrypt(kind) || static_cast<std::size_t>(scrypt) < engine::max_scrypt_slots;
}

engine::result<slot_file> make_new_slot(const archive::set_keys& keys, std::uint32_t generation,
                                        const new_slot& addition) {
  if (engine::is_for_identity(addition.kind)) {
    const auto recipient = age::parse_recipient(addition.recipient);
    if (!recipient) return errc::invalid_argument;
    return engine::make_x25519_slot(keys, addition.kind, generation, *recipient);
  }
  if (addition.scrypt_work_factor < 1 || addition.scrypt_work_factor > 30) return errc::invalid_argument;
  if (addition.secret.empty()) return errc::passphrase_empty;
  if (addition.kind == slot_kind::passphrase)
    return engine::make_scrypt_slot(keys, addition.kind, generation, addition.secret, addition.scrypt_work_factor);
  const auto code = parse_recovery_code(crypto::text_of(addition.secret.expose()));
  if (!code) return code.error();
  return engine::make_scrypt_slot(keys, addition.kind, generation, *code, addition.scrypt_work_factor);
}

result<void> write_file(backup_medium& medium, const slot_file& slot) {
  auto file = medium.create(slot.name);
  if (!file) return file.error();
  if (const auto written = (*file)->write(slot.bytes); !written) return written;
  return (*file)->finish();
}

// Checks that the slot is there as it was written, and that the set is still the newest one.
result<void> check_written(backup_medium& medium, const newest_set& set, const slot_file& slot) {
  const auto bytes = engine::read_small_file(medium, slot.name, slot.bytes.size());
  if (!bytes) return bytes.error() == errc::backup_damaged ? make_error_code(errc::medium_failed) : bytes.error().code;
  if (!std::ranges::equal(*bytes, slot.bytes)) return errc::medium_failed;
  const auto newest = engine::find_newest_set(medium);
  if (!newest) return newest.error().code;
  if (newest->newest.manifest.set != set.newest.manifest.set) return errc::medium_in_use;
  return {};
}

result<void> write_slot(backup_medium& medium, const newest_set& set, const slot_file& slot) {
  auto done = write_file(medium, slot);
  if (done) done = check_written(medium, set, slot);
  if (!done) (void)medium.remove(slot.name);  // if it stays, its tag does not match, or it opens the set as it should
  return done;
}

}  // namespace

age_identity make_age_identity() {
  const secret_bytes key = crypto::random_secret(32);
  return {age::identity_text(key), age::recipient_text(crypto::x25519_public_key(key))};
}

result<std::vector<key_slot>> list_key_slots(backup_medium& medium) {
  const auto set = engine::find_newest_set(medium);
  if (!set) return set.error().code;
  std::vector<key_slot> out;
  for (const slot_file& slot : set->slots) out.push_back(described(slot));
  return out;
}

result<key_slot> add_key_slot(backup_medium& medium, const set_credentials& opener, const new_slot& addition) {
  if (!is_addable(addition)) return errc::invalid_argument;
  const auto set = engine::find_newest_set(medium);
  if (!set) return set.error().code;
  if (!has_room(set->slots, addition.kind)) return errc::invalid_argument;
  if (lies_readable(*set)) return errc::recovery_key_exposed;
  const auto keys = open_keys(*set, opener);
  if (!keys) return keys.error();
  const auto slot = make_new_slot(*keys, set->generation(), addition);
  if (!slot) return slot.error().code;
  if (addition.before_write)
    if (const auto kept = addition.before_write(); !kept) return kept.error();
  if (const auto written = write_slot(medium, *set, *slot); !written) return written.error();
  return described(*slot);
}

result<void> remove_key_slot(backup_medium& medium, std::string_view file) {
  const auto set = engine::find_newest_set(medium);
  if (!set) return set.error().code;
  const auto removed = std::ranges::find(set->slots, file, &slot_file::name);
  if (removed == set->slots.end()) return errc::key_slot_not_found;
  const bool others = std::ranges::any_of(
      set->slots, [&](const slot_file& slot) { return slot.name != file && slot.opens_elsewhere(); });
  if (removed->kind != slot_kind::machine && !others) return errc::last_key_slot;
  return medium.remove(file);
}

result<key_slot> check_recovery(backup_medium& medium, const secret_bytes& secret, unsigned max_scrypt_work_factor) {
  if (secret.empty()) return errc::passphrase_empty;
  const auto set = engine::find_newest_set(medium);
  if (!set) return set.error().code;
  set_unlocker unlocker(set->slots, set->newest, max_scrypt_work_factor);
  unlocker.try_secret(secret);
  const auto opened = unlocker.finish();
  if (!opened) return opened.error().code;
  return described(*opened->slot);
}

}  // namespace reinstate
