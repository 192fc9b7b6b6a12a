// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "machine/home.hpp"
#include "service/service_choice.hpp"
#include "service/service_choice_text.hpp"
#include "service/service_client.hpp"

namespace tool {
namespace {

exit_code service_set(const service_choice_options& options, const common_options& common, output& out) {
  const home machine_home(common.home);
  error_location location;
  // Checks everything that can be checked without contacting the service.
  if (const auto used = use_service(common.home, options, machine_home.identity(), location); !used)
    return out.failed(used.error(), location);
  const auto choice = chosen_service(common.home, options);
  if (!choice) return out.failed(choice.error(), service_file_location(common.home));
  auto done = machine_home.create();
  if (done) done = remember_service(common.home, *choice);
  if (!done) return out.failed(done.error(), service_file_location(common.home));
  if (!out.is_quiet()) print_service_choice(*choice, out);
  return out.done({{"service", service_json(*choice)}});
}

}  // namespace

void add_service_set(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<service_choice_options>();
  CLI::App& command =
      add_command(parent, "set", "Remember a service for this machine. Leaves what is not given as it was.",
                  "service set --service https://licenses.example --service-key reinstate-service:...");
  add_service_choice(command, *options);
  set_action(command, context, options, service_set);
}

}  // namespace tool
