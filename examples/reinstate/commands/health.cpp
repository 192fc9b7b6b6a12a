// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/ending_report.hpp"
#include "operation/session.hpp"
#include "operation/store_for_reading.hpp"

namespace tool {
namespace {

struct health_command_options {
  session_options session;
  bool open_payloads = false;
};

exit_code health(const health_command_options& options, const common_options& common, output& out) {
  session run(common, options.session, out);
  const home& machine_home = run.machine_home();
  error_location location;
  if (const auto loaded = run.load_secrets(location); !loaded) return out.failed(loaded.error(), location);
  if (const auto loaded = run.load_service(location); !loaded) return out.failed(loaded.error(), location);
  auto store = store_for_reading(run);
  if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
  const ending end = run.run(*store, reinstate::health_options{options.open_payloads});
  const ending_report report(options.session.backup_path, damage_detail::passed_over, machine_home, out);
  return end.error.failed() ? report.fail(end) : report.finish_health(end);
}

}  // namespace

void add_health(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<health_command_options>();
  CLI::App& command = add_command(parent, "health",
                                  "Show which licenses of this machine are not safe in their backup.\n"
                                  "Reads the index of the backup, but none of its licenses.",
                                  "health /media/stick");
  add_backup_path(command, options->session.backup_path);
  command.add_flag("--open", options->open_payloads,
                   "Also find licenses of this machine that can no longer be opened; takes longer");
  add_readable_key(command, options->session.readable_key);
  add_unlock_options(command, options->session.unlock);
  set_action(command, context, options, health);
}

}  // namespace tool
