// SPDX-License-Identifier: BSL-1.0
#include "command_line/command.hpp"

#include <string>

namespace tool {

CLI::App& add_command(CLI::App& parent, const char* name, const char* description, const char* example) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.footer(std::string("Every command also takes --home DIR, --json, --quiet and --passphrase-file FILE; see "
                             "reinstate --help.\nExample: reinstate ")
                     .append(example));
  command.fallthrough();
  return command;
}

CLI::App& add_command_group(CLI::App& parent, const char* name, const char* description, const char* example) {
  CLI::App& group = *parent.add_subcommand(name, description);
  group.footer(std::string("Example: reinstate ").append(example));
  group.require_subcommand(1);
  group.fallthrough();
  return group;
}

}  // namespace tool
