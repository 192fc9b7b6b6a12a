// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "secrets/session_keyring.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>

#include <algorithm>
#include <filesystem>

namespace tool {
namespace {

using reinstate::key_slot;

struct recovery_remove_options {
  std::string path;
  std::string slot;
};

// Erases the key in the session's keyring if it no longer opens the backup.
void erase_useless_key(reinstate::backup_medium& medium) {
  const auto secret = find_in_keyring(medium);
  if (secret && *secret && reinstate::check_recovery(medium, **secret).has_error()) (void)erase_from_keyring(medium);
}

exit_code recovery_remove(const recovery_remove_options& options, const common_options&, output& out) {
  const error_location location{error_subject::backup, options.path};
  auto medium = reinstate::open_directory_medium(options.path);
  if (!medium) return out.failed(medium.error(), location);
  const auto slots = reinstate::list_key_slots(**medium);
  if (!slots) return out.failed(slots.error(), location);
  const auto removed = reinstate::remove_key_slot(**medium, options.slot);
  if (!removed)
    return out.failed(removed.error(),
                      {error_subject::backup, (std::filesystem::path(options.path) / options.slot).string()});
  const auto slot = std::ranges::find(*slots, options.slot, &key_slot::file);
  if (slot != slots->end() && slot->kind == reinstate::slot_kind::keyring) erase_useless_key(**medium);
  out.note("Removed. Copies of the folder that contain it can still be opened with it.");
  return out.done({{"removed", options.slot}});
}

}  // namespace

void add_recovery_remove(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<recovery_remove_options>();
  CLI::App& command =
      add_command(parent, "remove",
                  "Remove a way to open a backup, but never the last one. Copies of the folder can still be opened\n"
                  "with it: if it fell into the wrong hands, make a new backup.",
                  "recovery remove /media/stick recovery-000001-code-5fe1c0de.age");
  add_backup_path(command, options->path);
  command.add_option("slot", options->slot, "The name of its file, as list shows it")->required()->type_name("FILE");
  set_action(command, context, options, recovery_remove);
}

}  // namespace tool
