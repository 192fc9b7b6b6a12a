// SPDX-License-Identifier: BSL-1.0
#include "option_parts.hpp"
#include "text.hpp"

#include <string>
#include <vector>

namespace tool {
namespace {

using texts = std::vector<std::string>;

std::string check_license_id(const std::string& text) {
  return license_id_from(text) ? std::string() : std::string("a license is 32 hexadecimal digits, as list shows it");
}

std::string check_keep_policy(const std::string& text) {
  return reinstate::parse_keep_policy(text)
             ? std::string()
             : std::string("a keep policy is all, or rules such as last=3,daily=7,weekly=4,monthly=12");
}

// Several of one kind mean any of them, several kinds mean all of them.
void add_selection(CLI::App& sub, options& into) {
  CLI::Option_group& group = *sub.add_option_group("Which licenses", "each can be given more than once");
  group
      .add_option_function<texts>(
          "--license",
          [&into](const texts& all) {
            for (const auto& each : all) into.selection.licenses.push_back(license_id_from(each).value());
          },
          "Only the license with this id")
      ->check(CLI::Validator(check_license_id, ""))
      ->allow_extra_args(false)
      ->type_name("ID");
  group
      .add_option_function<texts>(
          "--key-id",
          [&into](const texts& all) {
            for (const auto& each : all) into.selection.keys.push_back(key_id_from(each).value());
          },
          "Only licenses of this key id")
      ->check(CLI::Validator(check_key_id, ""))
      ->allow_extra_args(false)
      ->type_name("KEY_ID");
  const auto add = [&group](const char* name, texts& list, const char* text, const char* type) {
    group.add_option(name, list, text)->allow_extra_args(false)->type_name(type);
  };
  add("--issuer", into.selection.issuers, "Only licenses of this issuer", "TEXT");
  add("--format", into.selection.formats, "Only licenses of this format, such as clearkey", "TEXT");
  add("--title", into.selection.titles, "Only licenses with such a title: * is any text, ? one character", "PATTERN");
}

// What opens a backup that no passphrase does.
void add_other_keys(CLI::App& sub, options& into) {
  sub.add_flag("--readable-key", into.readable_key,
               "Accept a recovery key that lies readable in the folder, where anyone could have put it");
  add_other_secrets(sub, into);
}

void add_plan(CLI::App& sub, options& into) {
  auto* const dry_run = sub.add_flag("--dry-run", into.dry_run, "Show what would be done, and change nothing");
  sub.add_flag("--confirm", into.confirm, "Show what would be done, ask, and do exactly that")->excludes(dry_run);
}

void add_generation(CLI::App& sub, options& into, const char* text) {
  sub.add_option("--generation", into.generation, text)->check(CLI::Range(1, 999999))->type_name("N");
}

void add_backup(CLI::App& app, options& into) {
  CLI::App& sub = add_command(app, into, command::backup, "backup",
                              "Back up licenses to a folder, all of them unless options say which.\n"
                              "With a passphrase from a file or the environment, a new backup opens with that one,\n"
                              "unless its recovery key is to be kept readable or for a recipient. An update goes on\n"
                              "opening as the backup does that it adds to.",
                              "backup /media/stick --update");
  add_path(sub, into, "PATH", "A folder that exists");
  auto* const overwrite = sub.add_flag("--overwrite", into.overwrite,
                                       "Replace a backup that is there; it stays until the new one is proven good");
  auto* const update = sub.add_flag("--update", into.update,
                                    "Add to a backup that is there what is new, changed or removed, as a generation")
                           ->excludes(overwrite);
  sub.add_option_function<std::string>(
         "--keep", [&into](const std::string& text) { into.keep = reinstate::parse_keep_policy(text).value(); },
         "Which generations stay after an update; all, unless this says last=3,daily=7,...")
      ->check(CLI::Validator(check_keep_policy, ""))
      ->needs(update)
      ->type_name("POLICY");
  auto* const readable = sub.add_flag("--readable-key", into.readable_key,
                                      "Put the recovery key readable into the folder, which is then all it takes");
  add_recipient(sub, into, "Keep the recovery key for an age public key instead of a passphrase")->excludes(readable);
  add_plan(sub, into);
  add_service_choice(sub, into);
  add_selection(sub, into);
}

void add_restore(CLI::App& app, options& into) {
  CLI::App& sub = add_command(app, into, command::restore, "restore",
                              "Restore licenses from a backup to this machine, all of them unless options say which.",
                              "restore /media/stick --individualize");
  add_path(sub, into, "PATH", "The folder of the backup");
  sub.add_flag("--individualize", into.individualize, "Permit giving this machine an identity if it has none yet");
  add_generation(sub, into, "As the licenses were in this generation; by default the newest that is whole");
  sub.add_flag("--salvage", into.salvage, "Take what is whole out of a damaged backup");
  sub.add_flag("--repair", into.repair, "Also replace licenses of this machine that can no longer be opened");
  add_other_keys(sub, into);
  add_plan(sub, into);
  add_service_choice(sub, into);
  add_service_contact(sub, into);
  add_selection(sub, into);
}

void add_looks(CLI::App& app, options& into) {
  CLI::App& verify = add_command(app, into, command::verify, "verify",
                                 "Open and check every byte of a backup, and change nothing.", "verify /media/stick");
  add_path(verify, into, "PATH", "The folder of the backup");
  add_generation(verify, into, "This generation, and what it builds on; by default the newest");
  verify.add_flag("--all", into.continue_after_damage,
                  "Go on behind the first damage, and tell what is lost and what is not");
  add_other_keys(verify, into);

  CLI::App& inspect = add_command(app, into, command::inspect, "inspect",
                                  "Show what a backup says of itself, and its generations.\n"
                                  "Needs no key, and proves nothing: verify does.",
                                  "inspect /media/stick");
  add_path(inspect, into, "PATH", "The folder of the backup");

  CLI::App& health = add_command(app, into, command::health, "health",
                                 "Compare the licenses of this machine with their backup: what is not safe in it?\n"
                                 "Reads no licenses from the backup, only what it says it has.",
                                 "health /media/stick");
  add_path(health, into, "PATH", "The folder of the backup");
  health.add_flag("--open", into.open_payloads,
                  "Also find licenses of this machine that can no longer be opened; takes longer");
  add_other_keys(health, into);
}

}  // namespace

void add_backups(CLI::App& app, options& into) {
  add_backup(app, into);
  add_restore(app, into);
  add_looks(app, into);
}

}  // namespace tool
