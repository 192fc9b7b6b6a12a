// SPDX-License-Identifier: BSL-1.0
#include "option_parts.hpp"
#include "session_keyring.hpp"

namespace tool {
namespace {

constexpr const char* add_text =
    "Add a way to open a backup. Opens it with this machine, if it began the backup, or else with the passphrase or\n"
    "code, from --passphrase-file or asked for, or with --identity-file.";

void add_new_passphrase_file(CLI::App& sub, options& into) {
  sub.add_option("--new-passphrase-file", into.new_passphrase_file,
                 "Read the new passphrase from the first line; - is stdin")
      ->type_name("FILE");
}

void add_identity_file(CLI::App& sub, options& into) {
  sub.add_option("--identity-file", into.identity_file, "An age identity or key file that opens the backup")
      ->type_name("FILE");
}

void add_add(CLI::App& recovery, options& into) {
  CLI::App& sub =
      add_command(recovery, into, command::recovery_add, "add", add_text, "recovery add /media/stick --code");
  add_path(sub, into, "PATH", "The folder of the backup");
  CLI::Option_group& kinds = *sub.add_option_group("What will open it", "one of these");
  kinds.add_flag("--passphrase", into.new_passphrase, "Another passphrase");
  kinds.add_flag("--code", into.new_code, "A recovery code to print and put away: it is shown once");
  kinds.add_option("--key-file", into.new_key_file, "A new file with an age identity; keep it elsewhere")
      ->type_name("FILE");
  add_recipient(kinds, into, "An age public key: somebody else, or a key that lies elsewhere");
  if (has_keyring) kinds.add_flag("--keyring", into.keyring, "A key in the key store of your session");
  kinds.require_option(1);
  add_new_passphrase_file(sub, into);
  add_identity_file(sub, into);
}

}  // namespace

void add_recovery(CLI::App& app, options& into) {
  CLI::App& recovery = *app.add_subcommand("recovery", "Show and change what opens a backup on another machine");
  recovery.footer("Example: reinstate recovery list /media/stick");
  recovery.require_subcommand(1);
  recovery.fallthrough();

  CLI::App& list = add_command(recovery, into, command::recovery_list, "list",
                               "List the ways to open a backup. Needs no secret.", "recovery list /media/stick");
  add_path(list, into, "PATH", "The folder of the backup");
  add_add(recovery, into);

  CLI::App& remove = add_command(recovery, into, command::recovery_remove, "remove",
                                 "Remove a way to open a backup, but never the last one. Copies of the folder still\n"
                                 "open with it: where it fell into wrong hands, begin a new backup.",
                                 "recovery remove /media/stick recovery-000001-code-5fe1c0de.age");
  add_path(remove, into, "PATH", "The folder of the backup");
  remove.add_option("slot", into.slot, "The name of its file, as list shows it")->required()->type_name("FILE");

  CLI::App& check =
      add_command(recovery, into, command::recovery_check, "check",
                  "Prove that a passphrase, a recovery code or an identity opens a backup. Restores nothing.",
                  "recovery check /media/stick");
  add_path(check, into, "PATH", "The folder of the backup");
  add_other_secrets(check, into);

  CLI::App& change =
      add_command(recovery, into, command::recovery_passphrase, "passphrase",
                  "Change the passphrase of a backup: the new one is added and proven, then the old ones\n"
                  "are removed. Copies of the folder still open with those.",
                  "recovery passphrase /media/stick");
  add_path(change, into, "PATH", "The folder of the backup");
  add_new_passphrase_file(change, into);
  add_identity_file(change, into);
}

}  // namespace tool
