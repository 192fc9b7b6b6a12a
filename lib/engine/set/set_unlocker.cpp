// SPDX-License-Identifier: BSL-1.0
#include "engine/set/set_unlocker.hpp"

#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>

namespace reinstate::engine {
namespace {

// Returns the keys in the text of an identity file, or of one line of it; skips comments and everything else.
std::vector<secret_bytes> identities_in(const secret_bytes& text) {
  std::vector<secret_bytes> out;
  std::string_view rest = crypto::text_of(text.expose());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (auto key = age::parse_identity(line)) out.push_back(std::move(*key));
  }
  return out;
}

}  // namespace

template <class Condition>
bool set_unlocker::any(Condition condition) const {
  return std::ranges::any_of(slots_, condition);
}

void set_unlocker::note(reason cause, failure error) {
  if (cause <= reason_) return;
  reason_ = cause;
  error_ = std::move(error);
}

void set_unlocker::try_text(const slot_file& slot, const secret_bytes& text) {
  auto keys = archive::parse_recovery(text);
  if (!keys) return note(reason::unusable, {keys.error(), slot.name});
  if (keys->id != manifest_.manifest.set || keys->recipient() != manifest_.manifest.recipient)
    return note(reason::of_another_set, {errc::backup_mixed, slot.name});
  if (!archive::is_authentic(manifest_, keys->authentication))
    return note(reason::forged, {errc::backup_not_authentic, archive::manifest_name(manifest_.manifest.generation)});
  keys_ = std::move(*keys);
  opened_by_ = &slot;
}

void set_unlocker::try_identity(const slot_file& slot, const age::identity& identity, errc wrong_key) {
  if (is_open()) return;
  if (!slot.is_whole()) return note(reason::unusable, {slot.trouble, slot.name});
  const auto text = age::decrypt(slot.bytes, identity);
  if (text) return try_text(slot, *text);
  switch (text.error()) {
    case age::failure::no_match: return note(reason::wrong_key, {wrong_key, slot.name});
    case age::failure::work_factor_too_high: return note(reason::too_costly, {errc::work_factor_too_high, slot.name});
    case age::failure::out_of_memory: return note(reason::no_memory, errc::out_of_memory);
    case age::failure::identity_failed: return note(reason::unusable, identity.trouble());
    default: return note(reason::unusable, {errc::key_slot_damaged, slot.name});
  }
}

void set_unlocker::try_readable() {
  for (const slot_file& slot : slots_) {
    if (slot.kind != slot_kind::readable || is_open()) continue;
    if (slot.is_whole())
      try_text(slot, secret_bytes::locked_copy_of(slot.bytes));
    else
      note(reason::unusable, {slot.trouble, slot.name});
  }
}

void set_unlocker::try_machine(const age::identity& machine) {
  for (const slot_file& slot : slots_)
    if (slot.kind == slot_kind::machine) try_identity(slot, machine, errc::no_key_for_backup);
}

void set_unlocker::try_identities(const std::vector<secret_bytes>& identities) {
  for (const secret_bytes& key : identities) {
    const age::x25519_identity identity(key.clone());
    for (const slot_file& slot : slots_)
      if (is_for_identity(slot.kind)) try_identity(slot, identity, errc::no_key_for_backup);
  }
}

void set_unlocker::try_scrypt(slot_kind kind, const secret_bytes& text, errc wrong_key) {
  const age::scrypt_identity identity(text.clone(), max_work_factor_);
  for (const slot_file& slot : slots_) {
    if (slot.kind != kind || is_open()) continue;
    if (slot.is_whole() && scrypt_tries_++ >= max_scrypt_slots) return;
    try_identity(slot, identity, wrong_key);
  }
}

void set_unlocker::try_secret(const secret_bytes& text) {
  const auto is_code_slot = [](const slot_file& slot) { return slot.kind == slot_kind::code; };
  const auto for_identity = [](const slot_file& slot) { return is_for_identity(slot.kind); };
  const std::vector<secret_bytes> identities = identities_in(text);
  if (!identities.empty() && any(for_identity)) return try_identities(identities);

  const std::string_view typed = crypto::text_of(text.expose());
  const auto code = parse_recovery_code(typed);
  if (code && any(is_code_slot)) return try_scrypt(slot_kind::code, *code, errc::wrong_passphrase);

  // A passphrase may look like a code by chance: try it as a passphrase before calling it a mistyped code.
  try_scrypt(slot_kind::passphrase, text, identities.empty() ? errc::wrong_passphrase : errc::no_key_for_backup);
  if (any(is_code_slot) && looks_like_recovery_code(typed)) note(reason::mistyped, errc::recovery_code_mistyped);
  const auto slot = std::ranges::find_if(slots_, for_identity);
  if (slot != slots_.end() && !any([](const slot_file& one) { return is_scrypt(one.kind); }))
    note(reason::wrong_key, {errc::no_key_for_backup, slot->name});
}

result<void> set_unlocker::try_source(const passphrase_source& source) {
  const auto asks_for = [](bool (*kind)(slot_kind)) {
    return [kind](const slot_file& slot) { return slot.is_whole() && kind(slot.kind); };
  };
  const bool by_passphrase = any(asks_for(is_scrypt));
  if (!by_passphrase && !any(asks_for(is_for_identity))) {
    for (const slot_file& slot : slots_)
      if (!slot.is_whole() && (is_scrypt(slot.kind) || is_for_identity(slot.kind)))
        note(reason::unusable, {slot.trouble, slot.name});
    return {};
  }
  const auto text = ask(source, by_passphrase ? passphrase_purpose::open : passphrase_purpose::identity);
  if (!text) return text.error();
  try_secret(*text);
  return {};
}

result<set_unlocker::opened> set_unlocker::finish() {
  if (is_open()) return opened{std::move(*keys_), opened_by_};
  if (reason_ != reason::none) return error_;
  const auto readable = std::ranges::find(slots_, slot_kind::readable, &slot_file::kind);
  if (readable == slots_.end())
    return failure(errc::key_slot_missing, archive::recovery_prefix(manifest_.manifest.recovery_generation));
  if (readable->is_whole()) return failure(errc::recovery_key_exposed, readable->name);
  return failure(readable->trouble, readable->name);
}

}  // namespace reinstate::engine
