// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "service/service_choice.hpp"

namespace tool {
namespace {

exit_code service_forget(const common_options& common, output& out) {
  const auto forgotten = forget_service(common.home);
  if (!forgotten) return out.failed(forgotten.error(), service_file_location(common.home));
  out.note("Forgotten.");
  return out.done();
}

}  // namespace

void add_service_forget(CLI::App& parent, command_context& context) {
  CLI::App& command = add_command(parent, "forget", "Forget the service of this machine.", "service forget");
  set_action(command, context, service_forget);
}

}  // namespace tool
