// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/opened_backup.hpp"
#include "output/describe.hpp"
#include "secrets/secret_input.hpp"
#include "secrets/secret_output.hpp"
#include "secrets/session_keyring.hpp"

#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace tool {
namespace {

namespace fs = std::filesystem;
using reinstate::errc;
using reinstate::key_slot;
using reinstate::new_slot;
using reinstate::result;
using reinstate::secret_bytes;
using reinstate::slot_kind;

struct recovery_add_options {
  std::string path;
  unlock_options unlock;
  std::string new_passphrase_file;  // empty: not given; "-": standard input

  // The kind of slot to add: exactly one of these.
  bool passphrase = false;
  bool code = false;
  fs::path key_file;
  std::string recipient;
  bool keyring = false;
};

// Returns a key file in the format of age-keygen.
secret_bytes key_file_text(const reinstate::age_identity& key) {
  const std::string heading =
      "# opens a backup of media licenses; keep it away from the backup\n# public key: " + key.recipient + "\n";
  secret_bytes out = secret_bytes::locked(heading.size() + key.secret.size() + 1);
  auto position = std::ranges::copy(std::as_bytes(std::span(heading)), out.expose_writable().begin()).out;
  *std::ranges::copy(key.secret.expose(), position).out = std::byte{'\n'};
  return out;
}

// Shows a recovery code to the user, who has the only copy. Errors: operation_canceled if it could not be written, so
// that no slot is added.
result<void> print_code(const secret_bytes& code, output& out) {
  if (out.is_json()) out.raw(R"({"recovery_code":")");
  out.raw(text_of(code));
  out.raw(out.is_json() ? "\"}\n" : "\n");
  if (out.has_failed()) return errc::operation_canceled;
  return {};
}

// Adds a slot, and gives the user the secret that opens it.
class slot_addition {
 public:
  slot_addition(const recovery_add_options& options, output& out, opened_backup& backup)
      : options_(options), out_(out), backup_(backup) {}

  result<key_slot> run() {
    auto slot = make_slot();
    if (!slot) return slot.error();
    slot->before_write = [this, hand_out = std::move(slot->before_write)]() -> result<void> {
      if (!hand_out) return {};
      const auto handed_out = hand_out();
      is_handed_out_ = handed_out.has_value();
      return handed_out;
    };
    auto added = reinstate::add_key_slot(backup_.medium(), backup_.credentials(), *slot);
    if (!added && is_handed_out_) revoke_secret();
    return added;
  }

 private:
  result<new_slot> make_slot() {
    new_slot out;
    if (options_.passphrase) {
      auto passphrase = backup_.new_passphrase(options_.new_passphrase_file);
      if (!passphrase) return passphrase.error();
      out.secret = std::move(*passphrase);
    } else if (options_.code) {
      out.kind = slot_kind::code;
      out.secret = reinstate::make_recovery_code();
      out.before_write = [this, code = std::make_shared<secret_bytes>(out.secret.clone())] {
        return print_code(*code, out_);
      };
    } else if (!options_.recipient.empty()) {
      out.kind = slot_kind::recipient;
      out.recipient = options_.recipient;
    } else {
      out.kind = options_.keyring ? slot_kind::keyring : slot_kind::key_file;
      const auto key = std::make_shared<reinstate::age_identity>(reinstate::make_age_identity());
      out.recipient = key->recipient;
      out.before_write = [this, key] { return store_key(*key); };
    }
    return out;
  }

  result<void> store_key(const reinstate::age_identity& key) {
    if (options_.keyring) return put_into_keyring(backup_.medium(), key.secret);
    const auto written = write_new_file(options_.key_file, key_file_text(key));
    if (!written) backup_.set_error_location({error_subject::output_file, options_.key_file.string()});
    return written;
  }

  // Removes a secret that opens nothing, or says so.
  void revoke_secret() {
    std::error_code ignored;
    if (options_.code && !out_.is_json()) print_error("The code above opens nothing.", "", "");
    if (!options_.key_file.empty()) fs::remove(options_.key_file, ignored);
    if (options_.keyring) (void)erase_from_keyring(backup_.medium());
  }

  const recovery_add_options& options_;
  output& out_;
  opened_backup& backup_;
  bool is_handed_out_ = false;
};

bool is_in_folder(const fs::path& file, const fs::path& folder) {
  std::error_code ec;
  const fs::path outer = fs::weakly_canonical(folder, ec), inner = fs::weakly_canonical(file, ec);
  return !ec && std::ranges::mismatch(outer, inner).in1 == outer.end();
}

// Returns the slot that the key in the session's keyring opens. Errors: key_slot_not_found if there is no key, and
// those of find_in_keyring and check_recovery.
result<key_slot> slot_of_keyring(reinstate::backup_medium& medium) {
  const auto secret = find_in_keyring(medium);
  if (!secret) return secret.error();
  if (!*secret) return errc::key_slot_not_found;
  return reinstate::check_recovery(medium, **secret);
}

exit_code done(const key_slot& slot, const std::string& text, output& out) {
  out.note(text + slot_text(slot));
  return out.done({{"slot", slot_json(slot)}});
}

exit_code recovery_add(const recovery_add_options& options, const common_options& common, output& out) {
  if (!options.key_file.empty() && is_in_folder(options.key_file, options.path)) {
    print_error("A key file in the folder of the backup would open it for anyone who has the folder.",
                "Keep it somewhere else.", options.key_file.string());
    return exit_wrong_usage;
  }
  opened_backup backup(common, options.path, options.unlock, out);
  if (const auto opened = backup.open(); !opened) return backup.failed(opened.error());
  if (options.keyring)
    if (const auto slot = slot_of_keyring(backup.medium()); slot)
      return done(*slot, "The keyring already has a key: ", out);
  const auto added = slot_addition(options, out, backup).run();
  if (!added) return backup.failed(added.error());
  if (options.code) out.note("Print this recovery code and keep it away from the backup. It is not shown again.");
  return done(*added, "Added: ", out);
}

void check_options(recovery_add_options& options, const common_options& common) {
  check_passphrase_files(common, options.new_passphrase_file);
}

void add_kinds(CLI::App& command, recovery_add_options& options) {
  CLI::Option_group& kinds = *command.add_option_group("What will open it", "exactly one of these");
  kinds.add_flag("--passphrase", options.passphrase, "Another passphrase");
  kinds.add_flag("--code", options.code, "A recovery code to print and keep; it is shown once");
  kinds.add_option("--key-file", options.key_file, "A new file with an age identity; keep it away from the backup")
      ->type_name("FILE");
  add_recipient(kinds, options.recipient, "An age public key of another person, or of a key kept elsewhere");
  if (has_keyring) kinds.add_flag("--keyring", options.keyring, "A key in the keyring of your session");
  kinds.require_option(1);
}

}  // namespace

void add_recovery_add(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<recovery_add_options>();
  CLI::App& command = add_command(parent, "add",
                                  "Add a way to open a backup. The backup is opened by this machine, if it began it,\n"
                                  "or else with the passphrase or code, from --passphrase-file or asked for, or with\n"
                                  "--identity-file.",
                                  "recovery add /media/stick --code");
  add_backup_path(command, options->path);
  add_kinds(command, *options);
  add_new_passphrase_file(command, options->new_passphrase_file);
  add_identity_file(command, options->unlock);
  set_action(command, context, options, recovery_add, check_options);
}

}  // namespace tool
