// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "output/text.hpp"
#include "service/owner_session.hpp"

namespace tool {
namespace {

using reinstate::managed_machine;

json machine_json(const managed_machine& machine) {
  json out{{"machine", hex_of(machine.id)},
           {"name", machine.name},
           {"first_restore", time_text(machine.first_restore)},
           {"last_restore", time_text(machine.last_restore)},
           {"licenses", machine.licenses}};
  if (machine.releasable_from) out["releasable_from"] = time_text(*machine.releasable_from);
  return out;
}

std::string machine_text(const managed_machine& machine, bool is_this_machine) {
  std::string out = hex_of(machine.id).substr(0, 16) + "  " + time_text(machine.last_restore) + "  " +
                    license_count(machine.licenses) + "  " +
                    (machine.name.empty() ? "(no name)" : quoted_title(machine.name));
  if (is_this_machine) out += ", this machine";
  if (machine.releasable_from) out += ", can be released from " + time_text(*machine.releasable_from);
  return out;
}

exit_code machines(const owner_options& options, const common_options& common, output& out) {
  owner_session owner(common, options, out);
  if (const auto opened = owner.open(); !opened) return owner.failed(opened.error());
  const auto list = owner.machines();
  if (!list) return owner.failed(list.error());
  json all = json::array();
  for (const managed_machine& each : list->machines) {
    out.line(machine_text(each, owner.is_this_machine(each.id)));
    all.push_back(machine_json(each));
  }
  if (list->machines.empty())
    out.note("No machine has managed licenses of this backup.");
  else
    out.note("A license may be on " + count_text(list->limit) + " machines.");
  return out.done({{"machines", std::move(all)}, {"limit", list->limit}});
}

}  // namespace

void add_machines(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<owner_options>();
  CLI::App& command =
      add_command(parent, "machines",
                  "List the machines that have managed licenses of the owner of a backup. Opens the backup to prove\n"
                  "that it is yours; the service learns nothing that opens it.",
                  "machines /media/stick");
  add_backup_path(command, options->backup_path);
  add_service_choice(command, options->service);
  add_unlock_options(command, options->unlock);
  set_action(command, context, options, machines);
}

}  // namespace tool
