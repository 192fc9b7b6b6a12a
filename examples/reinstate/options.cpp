// SPDX-License-Identifier: BSL-1.0
#include "options.hpp"

#include "confirm.hpp"
#include "home.hpp"
#include "option_parts.hpp"
#include "session_keyring.hpp"
#include "text.hpp"

#include <reinstate/backup_restorer.hpp>

#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

namespace tool {
namespace {

constexpr const char* description =
    "Backs up media licenses and restores them on a new machine.\n"
    "\n"
    "A passphrase opens a backup on any machine. It is read from --passphrase-file, from the environment variable\n"
    "REINSTATE_PASSPHRASE, or asked for in the terminal; it is never an argument. A backup can be kept for an age\n"
    "recipient instead, or with its key readable in the folder. Other ways to open it, such as a printed recovery "
    "code,\n"
    "are added with recovery.\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but with licenses left out or not safe.";

void add_common(CLI::App& app, options& into) {
  app.description(description);
  app.footer("Example: reinstate backup /media/stick");
  app.set_version_flag("--version", "reinstate " REINSTATE_VERSION);
  app.add_option("--home", into.home, "Where licenses and the machine's identity are kept")
      ->envname("REINSTATE_HOME")
      ->type_name("DIR");
  app.add_flag("--json", into.json, "Print one JSON object per line: every event, then the result");
  app.add_flag("--quiet", into.quiet, "No progress line and no text about what went well");
  app.add_option("--passphrase-file", into.passphrase_file, "Read the passphrase from the first line; - is stdin")
      ->type_name("FILE");
  app.require_subcommand(1);
  app.fallthrough();
}

std::string check_recipient(const std::string& text) {
  return reinstate::is_age_recipient(text) ? std::string() : std::string("a recipient is an age public key, age1...");
}

std::string check_public_key(const std::string& text) {
  return public_key_from(text) ? std::string() : std::string("a public key is 64 hexadecimal digits");
}

void add_backup_right(CLI::App& sub, options& into) {
  sub.add_flag("--allow-backup", into.allow_backup, "Its issuer permits a backup; without this it is never backed up");
}

void add_import_keygen(CLI::App& import, options& into, std::string& public_key_text) {
  CLI::App& sub = add_command(import, into, command::import_keygen, "keygen",
                              "Import a Keygen license file or machine file, if its signature is the account's.\n"
                              "Gives this machine its identity if it has none yet: licenses are sealed to it.",
                              "import keygen license.lic --public-key e860... --license-key-file key.txt");
  add_path(sub, into, "FILE", "The license file or machine file; - is stdin");
  sub.add_option("--public-key", public_key_text, "The account's Ed25519 public key: 64 hexadecimal digits")
      ->required()
      ->check(CLI::Validator(check_public_key, ""))
      ->type_name("HEX");
  sub.add_option("--license-key-file", into.license_key_file,
                 "Read the license key, which opens an encrypted file, from the first line; - is stdin")
      ->type_name("FILE");
  sub.add_option("--fingerprint", into.fingerprint, "The machine that an encrypted machine file is for");
  sub.add_option("--title", into.title, "What you call it; by default the license's name, or else that of the file");
  add_backup_right(sub, into);
}

void add_import(CLI::App& app, options& into, std::string& public_key_text) {
  CLI::App& import = *app.add_subcommand("import", "Put licenses into the store of this machine");
  import.footer("Example: reinstate import clearkey film.json --title 'A film' --allow-backup");
  import.require_subcommand(1);
  import.fallthrough();
  CLI::App& clearkey = add_command(import, into, command::import_clearkey, "clearkey",
                                   "Import a W3C ClearKey license (a JSON Web Key Set).\n"
                                   "Gives this machine its identity if it has none yet: licenses are sealed to it.",
                                   "import clearkey film.json --title 'A film' --allow-backup");
  add_path(clearkey, into, "FILE", "The license; - is stdin");
  clearkey.add_option("--title", into.title, "What you call it; by default the name of the file");
  add_backup_right(clearkey, into);
  add_statement(clearkey, into);
  clearkey
      .add_option_function<std::string>(
          "--root", [&into](const std::string& text) { into.root = key_id_from(text).value(); },
          "The key id of the license that these work only beside")
      ->check(CLI::Validator(check_key_id, ""))
      ->type_name("KEY_ID");
  add_import_keygen(import, into, public_key_text);
}

void add_export(CLI::App& app, options& into, std::vector<std::string>& key_texts) {
  CLI::App& out = *app.add_subcommand("export", "Write licenses in a form that players take");
  out.footer("Example: reinstate export clearkey --output films.json");
  out.require_subcommand(1);
  out.fallthrough();
  CLI::App& sub = add_command(out, into, command::export_clearkey, "clearkey",
                              "Write licenses as one W3C ClearKey license (a JSON Web Key Set), not encrypted.\n"
                              "Those whose issuer does not permit a backup stay; titles and rights do not come along.",
                              "export clearkey --key-id 2f05477f-c24b-b4fa-efd8-6517156daffc --output film.json");
  sub.add_option("--key-id", key_texts, "Only licenses of this key id; can be given more than once")
      ->allow_extra_args(false)
      ->check(CLI::Validator(check_key_id, ""))
      ->type_name("KEY_ID");
  sub.add_option("--output", into.output, "A new file, for its owner only; - is standard output")
      ->required()
      ->type_name("FILE");
}

void add_key(CLI::App& app, options& into, std::string& key_text) {
  CLI::App& sub = add_command(app, into, command::key, "key",
                              "Print the content key of a license as 32 hexadecimal digits, for a player.",
                              "key 2f05477f-c24b-b4fa-efd8-6517156daffc");
  sub.add_option("key_id", key_text, "The key id of the media: 32 hexadecimal digits, or a UUID")
      ->required()
      ->check(CLI::Validator(check_key_id, ""))
      ->type_name("KEY_ID");
}

// CLI11 prints to the standard streams; what could not be printed is a failure as well.
exit_code print_and_end(const CLI::App& app, const CLI::ParseError& error) {
  const bool is_wrong_usage = app.exit(error) != 0;
  if (is_wrong_usage) return exit_wrong_usage;
  return std::cout.flush() ? exit_done : exit_failed;
}

// What the parser cannot find out: how options go together. Empty where they do.
std::string_view misuse_of(const options& given) {
  const bool is_kept_otherwise = given.readable_key || !given.recipient.empty();
  if (given.what == command::backup && is_kept_otherwise && !given.passphrase_file.empty())
    return "--passphrase-file is of no use with --readable-key or --recipient: the key is kept in one way";
  if (given.passphrase_file == "-" && given.new_passphrase_file == "-")
    return "only one of the two passphrases can come from standard input";
  if (given.path == "-" && given.license_key_file == "-")
    return "only one of the file and the license key can come from standard input";
  if (given.json && given.output == "-")
    return "with --json, write the set to a file: the result goes to standard output";
  if (given.confirm && (given.json || !can_confirm()))
    return "--confirm asks in a terminal: where there is none, look at the plan with --dry-run";
  return {};
}

}  // namespace

CLI::App& add_command(CLI::App& app, options& into, command what, const char* name, const char* text,
                      const char* example) {
  CLI::App& sub = *app.add_subcommand(name, text);
  sub.footer(
      std::string("With every command: --home DIR, --json, --quiet, --passphrase-file FILE; see reinstate --help."
                  "\nExample: reinstate ")
          .append(example));
  sub.fallthrough();
  sub.callback([&into, what] { into.what = what; });
  return sub;
}

void add_path(CLI::App& sub, options& into, const char* name, const char* text) {
  sub.add_option("path", into.path, text)->required()->type_name(name);
}

void add_other_secrets(CLI::App& sub, options& into) {
  auto* const file = sub.add_option("--identity-file", into.identity_file, "An age identity or key file that opens it")
                         ->type_name("FILE");
  if (has_keyring)
    sub.add_flag("--keyring", into.keyring, "Open it with the key that is in the key store of your session")
        ->excludes(file);
}

std::string check_key_id(const std::string& text) {
  return key_id_from(text) ? std::string() : std::string("a key id is 32 hexadecimal digits");
}

CLI::Option* add_recipient(CLI::App& sub, options& into, const char* text) {
  return sub.add_option("--recipient", into.recipient, text)
      ->check(CLI::Validator(check_recipient, ""))
      ->type_name("age1...");
}

bool parse_options(int argc, char** argv, options& into, exit_code& ends_with) {
  CLI::App app;
  std::string key_text, public_key_text;
  std::vector<std::string> key_texts;
  add_common(app, into);
  add_import(app, into, public_key_text);
  add_export(app, into, key_texts);
  add_command(app, into, command::list, "list", "List the licenses of this machine.", "list");
  add_key(app, into, key_text);
  add_backups(app, into);
  add_recovery(app, into);
  add_serving(app, into);
  add_service(app, into);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    ends_with = print_and_end(app, error);
    return false;
  }
  if (const std::string_view misuse = misuse_of(into); !misuse.empty()) {
    std::cerr << misuse << '\n';
    ends_with = exit_wrong_usage;
    return false;
  }
  for (const std::string& text : key_texts) into.keys.push_back(key_id_from(text).value());
  if (!public_key_text.empty()) into.public_key = public_key_from(public_key_text).value();
  if (!key_text.empty()) into.key = key_id_from(key_text).value();
  if (into.home.empty()) into.home = reinstate::user_data_folder();
  return true;
}

}  // namespace tool
