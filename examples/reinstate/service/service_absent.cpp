// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"

// Stands in for reinstate::service if the tool is built without it. The command line then mentions no service.

namespace tool {

void add_service_commands(CLI::App&, command_context&) {
}
void add_service_choice(CLI::App&, service_choice_options&) {
}
void add_service_contact(CLI::App&, service_contact_options&) {
}
void add_statement(CLI::App&, statement_options&) {
}

reinstate::result<used_service> use_service(const std::filesystem::path&, const service_choice_options&,
                                            std::shared_ptr<reinstate::machine_identity>, error_location&) {
  return used_service();
}
std::string contact_text(const reinstate::service_contact&) {
  return {};
}
reinstate::result<void> add_statements(std::vector<reinstate::license>&, const statement_options&) {
  return {};
}

}  // namespace tool
