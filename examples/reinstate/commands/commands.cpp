// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"

namespace tool {
namespace {

void add_import(CLI::App& app, command_context& context) {
  CLI::App& import = add_command_group(app, "import", "Put licenses into the store of this machine",
                                       "import clearkey film.json --title 'A film' --allow-backup");
  add_import_clearkey(import, context);
  add_import_keygen(import, context);
}

void add_export(CLI::App& app, command_context& context) {
  CLI::App& group = add_command_group(app, "export", "Write licenses in a format that players accept",
                                      "export clearkey --output films.json");
  add_export_clearkey(group, context);
}

void add_recovery(CLI::App& app, command_context& context) {
  CLI::App& recovery = add_command_group(app, "recovery", "Show and change what opens a backup on another machine",
                                         "recovery list /media/stick");
  add_recovery_list(recovery, context);
  add_recovery_add(recovery, context);
  add_recovery_remove(recovery, context);
  add_recovery_check(recovery, context);
  add_recovery_passphrase(recovery, context);
}

}  // namespace

void add_commands(CLI::App& app, command_context& context) {
  add_import(app, context);
  add_export(app, context);
  add_list(app, context);
  add_key(app, context);
  add_backup(app, context);
  add_restore(app, context);
  add_verify(app, context);
  add_inspect(app, context);
  add_health(app, context);
  add_recovery(app, context);
  add_service_commands(app, context);
}

}  // namespace tool
