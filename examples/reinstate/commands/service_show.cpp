// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "service/service_choice.hpp"
#include "service/service_choice_text.hpp"

namespace tool {
namespace {

exit_code service_show(const common_options& common, output& out) {
  const auto choice = remembered_service(common.home);
  if (!choice) return out.failed(choice.error(), service_file_location(common.home));
  print_service_choice(*choice, out);
  return out.done({{"service", service_json(*choice)}});
}

}  // namespace

void add_service_show(CLI::App& parent, command_context& context) {
  CLI::App& command = add_command(parent, "show", "Show the service of this machine.", "service show");
  set_action(command, context, service_show);
}

}  // namespace tool
