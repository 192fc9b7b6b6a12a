// SPDX-License-Identifier: BSL-1.0
#include "recovery.hpp"

#include "describe.hpp"
#include "opened_folder.hpp"
#include "secret_input.hpp"
#include "secret_output.hpp"
#include "session_keyring.hpp"
#include "text.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;
using reinstate::error_code;
using reinstate::key_slot;
using reinstate::new_slot;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;
using reinstate::slot_kind;

// As age-keygen writes it.
secret_bytes key_file_text(const reinstate::age_identity& key) {
  const std::string heading =
      "# opens a backup of media licenses; keep it away from the backup\n# public key: " + key.recipient + "\n";
  secret_bytes out = secret_bytes::locked(heading.size() + key.secret.size() + 1);
  auto at = std::ranges::copy(std::as_bytes(std::span(heading)), out.expose_writable().begin()).out;
  *std::ranges::copy(key.secret.expose(), at).out = std::byte{'\n'};
  return out;
}

// Shows a code, which nobody keeps but the user.
result<void> print_code(const secret_bytes& code, output& out) {
  if (out.is_json()) out.raw(R"({"recovery_code":")");
  out.raw(text_of(code));
  out.raw(out.is_json() ? "\"}\n" : "\n");
  if (out.has_failed()) return errc::operation_canceled;  // nobody could read it: then it must open nothing
  return {};
}

// One way to open a backup that is being added, and what the user gets of it.
class addition {
 public:
  addition(const options& what, output& out, opened_folder& folder) : what_(what), out_(out), folder_(folder) {}

  result<key_slot> run() {
    auto slot = make();
    if (!slot) return slot.error();
    const auto keep = std::move(slot->keep);
    slot->keep = [&]() -> result<void> {
      if (!keep) return {};
      const auto kept = keep();
      is_kept_ = kept.has_value();
      return kept;
    };
    auto added = reinstate::add_key_slot(folder_.medium(), folder_.opener(), *slot);
    if (!added && is_kept_) take_back();
    return added;
  }

 private:
  result<new_slot> make() {
    new_slot out;
    if (what_.new_passphrase) {
      auto passphrase = folder_.new_passphrase();
      if (!passphrase) return passphrase.error();
      out.secret = std::move(*passphrase);
    } else if (what_.new_code) {
      out.kind = slot_kind::code;
      out.secret = reinstate::make_recovery_code();
      out.keep = [this, code = std::make_shared<secret_bytes>(out.secret.clone())] { return print_code(*code, out_); };
    } else if (!what_.recipient.empty()) {
      out.kind = slot_kind::recipient;
      out.recipient = what_.recipient;
    } else {
      out.kind = what_.keyring ? slot_kind::keyring : slot_kind::key_file;
      const auto key = std::make_shared<reinstate::age_identity>(reinstate::make_age_identity());
      out.recipient = key->recipient;
      out.keep = [this, key] { return keep(*key); };
    }
    return out;
  }

  result<void> keep(const reinstate::age_identity& key) {
    if (what_.keyring) return put_into_keyring(folder_.medium(), key.secret);
    const auto written = write_new_file(what_.new_key_file, key_file_text(key));
    if (!written) folder_.blame(what_.new_key_file);
    return written;
  }

  // What opens nothing must not look as if it did.
  void take_back() {
    std::error_code ignored;
    if (what_.new_code && !out_.is_json()) print_error("The code above opens nothing.", "", "");
    if (!what_.new_key_file.empty()) fs::remove(what_.new_key_file, ignored);
    if (what_.keyring) (void)erase_from_keyring(folder_.medium());
  }

  const options& what_;
  output& out_;
  opened_folder& folder_;
  bool is_kept_ = false;
};

// A key beside what it opens protects nothing.
bool is_in_backup(const fs::path& file, const fs::path& backup) {
  std::error_code ec;
  const fs::path folder = fs::weakly_canonical(backup, ec), inside = fs::weakly_canonical(file, ec);
  return !ec && std::ranges::mismatch(folder, inside).in1 == folder.end();
}

// A key that the session has already and that opens the backup.
result<key_slot> opened_by_keyring(reinstate::backup_medium& medium) {
  const auto secret = find_in_keyring(medium);
  if (!secret) return secret.error();
  if (!*secret) return errc::key_slot_not_found;
  return reinstate::check_recovery(medium, **secret);
}

// A key of the session's keyring that opens the backup no more, other than copies of it.
void forget_useless_key(reinstate::backup_medium& medium) {
  const auto secret = find_in_keyring(medium);
  if (secret && *secret && reinstate::check_recovery(medium, **secret).has_error()) (void)erase_from_keyring(medium);
}

exit_code ended_well(const key_slot& slot, const std::string& text, output& out) {
  out.note(text + slot_text(slot));
  return out.done({{"slot", slot_json(slot)}});
}

}  // namespace

exit_code recovery_list(const options& what, output& out) {
  auto medium = reinstate::open_directory_medium(what.path);
  if (!medium) return out.failed(medium.error(), what.path);
  const auto slots = reinstate::list_key_slots(**medium);
  if (!slots) return out.failed(slots.error(), what.path);
  json all = json::array();
  for (const key_slot& slot : *slots) {
    out.line(slot_text(slot));
    all.push_back(slot_json(slot));
  }
  return out.done({{"slots", std::move(all)}});
}

exit_code recovery_add(const options& what, output& out) {
  if (!what.new_key_file.empty() && is_in_backup(what.new_key_file, what.path)) {
    print_error("A key file in the folder of the backup would open it for whoever has the folder.",
                "Keep it somewhere else.", what.new_key_file.string());
    return exit_wrong_usage;
  }
  opened_folder folder(what, out);
  if (const auto opened = folder.open(); !opened) return folder.failed(opened.error());
  if (what.keyring)
    if (const auto there = opened_by_keyring(folder.medium()); there)
      return ended_well(*there, "The keyring has a key already: ", out);
  const auto added = addition(what, out, folder).run();
  if (!added) return folder.failed(added.error());
  if (what.new_code) out.note("Print this recovery code and keep it away from the backup. It is not shown again.");
  return ended_well(*added, "Added: ", out);
}

exit_code recovery_remove(const options& what, output& out) {
  auto medium = reinstate::open_directory_medium(what.path);
  if (!medium) return out.failed(medium.error(), what.path);
  const auto slots = reinstate::list_key_slots(**medium);
  if (!slots) return out.failed(slots.error(), what.path);
  const auto removed = reinstate::remove_key_slot(**medium, what.slot);
  if (!removed) return out.failed(removed.error(), (fs::path(what.path) / what.slot).string());
  const auto slot = std::ranges::find(*slots, what.slot, &key_slot::file);
  if (slot != slots->end() && slot->kind == slot_kind::keyring) forget_useless_key(**medium);
  out.note("Removed. Copies of the folder that have it still open with it.");
  return out.done({{"removed", what.slot}});
}

exit_code recovery_check(const options& what, output& out) {
  opened_folder folder(what, out);
  if (const auto opened = folder.open(); !opened) return folder.failed(opened.error());
  const auto slots = reinstate::list_key_slots(folder.medium());
  if (!slots) return folder.failed(slots.error());
  const bool by_passphrase = std::ranges::any_of(
      *slots, [](const key_slot& slot) { return slot.kind == slot_kind::passphrase || slot.kind == slot_kind::code; });
  const auto secret = folder.ask(by_passphrase ? passphrase_purpose::open : passphrase_purpose::identity);
  if (!secret) return folder.failed(secret.error());
  const auto checked = reinstate::check_recovery(folder.medium(), *secret);
  if (!checked) return folder.failed(checked.error());
  return ended_well(*checked, "It opens this backup: ", out);
}

exit_code recovery_passphrase(const options& what, output& out) {
  opened_folder folder(what, out);
  if (const auto opened = folder.open(); !opened) return folder.failed(opened.error());
  const auto before = reinstate::list_key_slots(folder.medium());
  if (!before) return folder.failed(before.error());
  new_slot slot;
  auto passphrase = folder.new_passphrase();
  if (!passphrase) return folder.failed(passphrase.error());
  slot.secret = std::move(*passphrase);
  const auto added = reinstate::add_key_slot(folder.medium(), folder.opener(), slot);
  if (!added) return folder.failed(added.error());
  // Only what is proven to open the backup replaces what did.
  if (const auto checked = reinstate::check_recovery(folder.medium(), slot.secret); !checked) {
    (void)reinstate::remove_key_slot(folder.medium(), added->file);
    return folder.failed(checked.error());
  }
  json removed = json::array();
  for (const key_slot& old : *before) {
    if (old.kind != slot_kind::passphrase) continue;
    if (const auto done = reinstate::remove_key_slot(folder.medium(), old.file); !done) {
      folder.blame(fs::path(what.path) / old.file);
      return folder.failed(done.error());
    }
    removed.push_back(old.file);
  }
  out.note("The passphrase is changed. Copies of the folder made before still open with the old one.");
  return out.done({{"slot", slot_json(*added)}, {"removed", std::move(removed)}});
}

}  // namespace tool
