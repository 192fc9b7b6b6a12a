// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/opened_backup.hpp"
#include "output/describe.hpp"

#include <reinstate/recovery/key_slots.hpp>

#include <filesystem>
#include <vector>

namespace tool {
namespace {

using reinstate::key_slot;
using reinstate::result;

struct recovery_passphrase_options {
  std::string path;
  unlock_options unlock;
  std::string new_passphrase_file;  // empty: not given; "-": standard input
};

// Adds the new passphrase and proves that it opens the backup. If it does not, removes it again.
result<key_slot> add_passphrase(opened_backup& backup, const std::string& file) {
  reinstate::new_slot slot;
  auto passphrase = backup.new_passphrase(file);
  if (!passphrase) return passphrase.error();
  slot.secret = std::move(*passphrase);
  auto added = reinstate::add_key_slot(backup.medium(), backup.credentials(), slot);
  if (!added) return added;
  if (const auto checked = reinstate::check_recovery(backup.medium(), slot.secret); !checked) {
    (void)reinstate::remove_key_slot(backup.medium(), added->file);
    return checked.error();
  }
  return added;
}

exit_code recovery_passphrase(const recovery_passphrase_options& options, const common_options& common, output& out) {
  opened_backup backup(common, options.path, options.unlock, out);
  if (const auto opened = backup.open(); !opened) return backup.failed(opened.error());
  const auto old_slots = reinstate::list_key_slots(backup.medium());
  if (!old_slots) return backup.failed(old_slots.error());
  const auto added = add_passphrase(backup, options.new_passphrase_file);
  if (!added) return backup.failed(added.error());
  json removed = json::array();
  for (const key_slot& old : *old_slots) {
    if (old.kind != reinstate::slot_kind::passphrase) continue;
    if (const auto done = reinstate::remove_key_slot(backup.medium(), old.file); !done) {
      const std::filesystem::path file = std::filesystem::path(options.path) / old.file;
      backup.set_error_location({error_subject::backup, file.string()});
      return backup.failed(done.error());
    }
    removed.push_back(old.file);
  }
  out.note("The passphrase is changed. Copies of the folder made before can still be opened with the old one.");
  return out.done({{"slot", slot_json(*added)}, {"removed", std::move(removed)}});
}

void check_options(recovery_passphrase_options& options, const common_options& common) {
  check_passphrase_files(common, options.new_passphrase_file);
}

}  // namespace

void add_recovery_passphrase(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<recovery_passphrase_options>();
  CLI::App& command = add_command(parent, "passphrase",
                                  "Change the passphrase of a backup: adds and proves the new one, then removes the\n"
                                  "old ones. Copies of the folder can still be opened with those.",
                                  "recovery passphrase /media/stick");
  add_backup_path(command, options->path);
  add_new_passphrase_file(command, options->new_passphrase_file);
  add_identity_file(command, options->unlock);
  set_action(command, context, options, recovery_passphrase, check_options);
}

}  // namespace tool
