// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"

#include "command_line/command.hpp"
#include "output/text.hpp"
#include "secrets/session_keyring.hpp"
#include "terminal/confirm.hpp"

namespace tool {
namespace {

using texts = std::vector<std::string>;

// Each check returns an empty string, or why the text is not valid.

std::string check_recipient(const std::string& text) {
  return reinstate::is_age_recipient(text) ? std::string() : std::string("a recipient is an age public key, age1...");
}

std::string check_key_id(const std::string& text) {
  return key_id_from(text) ? std::string() : std::string("a key id is 32 hexadecimal digits");
}

std::string check_license_id(const std::string& text) {
  return license_id_from(text) ? std::string() : std::string("a license id is 32 hexadecimal digits, as list shows it");
}

}  // namespace

void add_backup_path(CLI::App& command, std::string& path, const char* description) {
  command.add_option("path", path, description)->required()->type_name("PATH");
}

void add_file_argument(CLI::App& command, std::string& file, const char* description) {
  command.add_option("path", file, description)->required()->type_name("FILE");
}

CLI::Option* add_identity_file(CLI::App& command, unlock_options& options) {
  return command
      .add_option("--identity-file", options.identity_file, "An age identity or key file that opens the backup")
      ->type_name("FILE");
}

void add_unlock_options(CLI::App& command, unlock_options& options) {
  auto* const file = add_identity_file(command, options);
  if (has_keyring)
    command.add_flag("--keyring", options.keyring, "Open it with the key in the keyring of your session")
        ->excludes(file);
}

void add_readable_key(CLI::App& command, bool& is_accepted) {
  command.add_flag("--readable-key", is_accepted,
                   "Accept a recovery key that lies readable in the folder, where anyone could have put it");
}

CLI::Option* add_recipient(CLI::App& command, std::string& recipient, const char* description) {
  return command.add_option("--recipient", recipient, description)
      ->check(CLI::Validator(check_recipient, ""))
      ->type_name("age1...");
}

void add_generation(CLI::App& command, std::uint32_t& generation, const char* description) {
  command.add_option("--generation", generation, description)->check(CLI::Range(1, 999999))->type_name("N");
}

void add_new_passphrase_file(CLI::App& command, std::string& file) {
  command
      .add_option("--new-passphrase-file", file,
                  "Read the new passphrase from the first line of this file; - is standard input")
      ->type_name("FILE");
}

void check_passphrase_files(const common_options& common, const std::string& new_passphrase_file) {
  if (common.passphrase_file == "-" && new_passphrase_file == "-")
    throw usage_error("only one of the two passphrases can come from standard input");
}

void add_license_selection(CLI::App& command, reinstate::license_selection& selection) {
  CLI::Option_group& group = *command.add_option_group(
      "Selection", "can be repeated; a license is selected if it matches one value of every option given");
  add_license_ids(group, "--license", selection.licenses, "Only the license with this id");
  add_key_ids(group, "--key-id", selection.keys, "Only licenses of this key id");
  const auto add = [&group](const char* name, texts& list, const char* description, const char* type) {
    group.add_option(name, list, description)->allow_extra_args(false)->type_name(type);
  };
  add("--issuer", selection.issuers, "Only licenses of this issuer", "TEXT");
  add("--format", selection.formats, "Only licenses of this format, such as clearkey", "TEXT");
  add("--title", selection.titles, "Only licenses whose title matches: * is any text, ? one character", "PATTERN");
}

void add_plan_options(CLI::App& command, plan_options& options) {
  auto* const dry_run = command.add_flag("--dry-run", options.dry_run, "Show what would be done, and change nothing");
  command.add_flag("--confirm", options.confirm, "Show what would be done, ask, and do exactly that")
      ->excludes(dry_run);
}

void check_plan_options(const plan_options& options, const common_options& common) {
  if (options.confirm && (common.json || !can_confirm()))
    throw usage_error("--confirm needs a terminal to ask in: without one, look at the plan with --dry-run");
}

void add_import_options(CLI::App& command, import_options& options, const char* title_description) {
  command.add_option("--title", options.title, title_description);
  command.add_flag("--allow-backup", options.allow_backup,
                   "The issuer permits backups; without this it is never backed up");
}

CLI::Option* add_key_id(CLI::App& command, const char* name, std::optional<reinstate::key_id>& key,
                        const char* description) {
  return command
      .add_option_function<std::string>(
          name, [&key](const std::string& text) { key = key_id_from(text).value(); }, description)
      ->check(CLI::Validator(check_key_id, ""))
      ->type_name("KEY_ID");
}

CLI::Option* add_key_ids(CLI::App& command, const char* name, std::vector<reinstate::key_id>& keys,
                         const char* description) {
  return command
      .add_option_function<texts>(
          name,
          [&keys](const texts& all) {
            for (const auto& each : all) keys.push_back(key_id_from(each).value());
          },
          description)
      ->check(CLI::Validator(check_key_id, ""))
      ->allow_extra_args(false)
      ->type_name("KEY_ID");
}

CLI::Option* add_license_ids(CLI::App& command, const char* name, std::vector<reinstate::license_id>& licenses,
                             const char* description) {
  return command
      .add_option_function<texts>(
          name,
          [&licenses](const texts& all) {
            for (const auto& each : all) licenses.push_back(license_id_from(each).value());
          },
          description)
      ->check(CLI::Validator(check_license_id, ""))
      ->allow_extra_args(false)
      ->type_name("ID");
}

}  // namespace tool
