// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "output/describe.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>

namespace tool {
namespace {

struct recovery_list_options {
  std::string path;
};

exit_code recovery_list(const recovery_list_options& options, const common_options&, output& out) {
  const error_location location{error_subject::backup, options.path};
  auto medium = reinstate::open_directory_medium(options.path);
  if (!medium) return out.failed(medium.error(), location);
  const auto slots = reinstate::list_key_slots(**medium);
  if (!slots) return out.failed(slots.error(), location);
  json all = json::array();
  for (const reinstate::key_slot& slot : *slots) {
    out.line(slot_text(slot));
    all.push_back(slot_json(slot));
  }
  return out.done({{"slots", std::move(all)}});
}

}  // namespace

void add_recovery_list(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<recovery_list_options>();
  CLI::App& command =
      add_command(parent, "list", "List the ways to open a backup. Needs no secret.", "recovery list /media/stick");
  add_backup_path(command, options->path);
  set_action(command, context, options, recovery_list);
}

}  // namespace tool
