// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/opened_backup.hpp"
#include "output/describe.hpp"

#include <reinstate/recovery/key_slots.hpp>

#include <algorithm>

namespace tool {
namespace {

using reinstate::key_slot;
using reinstate::passphrase_purpose;

struct recovery_check_options {
  std::string path;
  unlock_options unlock;
};

exit_code recovery_check(const recovery_check_options& options, const common_options& common, output& out) {
  opened_backup backup(common, options.path, options.unlock, out);
  if (const auto opened = backup.open(); !opened) return backup.failed(opened.error());
  const auto slots = reinstate::list_key_slots(backup.medium());
  if (!slots) return backup.failed(slots.error());
  const bool has_passphrase = std::ranges::any_of(*slots, [](const key_slot& slot) {
    return slot.kind == reinstate::slot_kind::passphrase || slot.kind == reinstate::slot_kind::code;
  });
  const auto secret = backup.secret_for(has_passphrase ? passphrase_purpose::open : passphrase_purpose::identity);
  if (!secret) return backup.failed(secret.error());
  const auto checked = reinstate::check_recovery(backup.medium(), *secret);
  if (!checked) return backup.failed(checked.error());
  out.note("It opens this backup: " + slot_text(*checked));
  return out.done({{"slot", slot_json(*checked)}});
}

}  // namespace

void add_recovery_check(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<recovery_check_options>();
  CLI::App& command = add_command(
      parent, "check", "Prove that a passphrase, a recovery code or an identity opens a backup. Restores nothing.",
      "recovery check /media/stick");
  add_backup_path(command, options->path);
  add_unlock_options(command, options->unlock);
  set_action(command, context, options, recovery_check);
}

}  // namespace tool
