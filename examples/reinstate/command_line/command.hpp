// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_COMMAND_HPP
#define REINSTATE_TOOL_COMMAND_HPP

#include "command_line/common_options.hpp"
#include "output/output.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tool {

// The state that commands are registered with. Parsing sets the common options and the action of the command that was
// named.
struct command_context {
  common_options common;
  std::function<exit_code(output&)> action;
};

// Reports options that do not go together. Thrown by the check of a command.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Adds a command to the tool or to a group of commands.
CLI::App& add_command(CLI::App& parent, const char* name, const char* description, const char* example);

// Adds a group of commands, one of which must be named.
CLI::App& add_command_group(CLI::App& parent, const char* name, const char* description, const char* example);

// Makes `action` the action of the context if the command line names `command`. `check` runs before, right after
// parsing, and throws usage_error or CLI::ParseError if the options do not go together.
// Lifetime: the context must outlive the parsing and the action. The command shares ownership of the options.
template <class Options>
void set_action(CLI::App& command, command_context& context, std::shared_ptr<Options> options,
                exit_code (*action)(const Options&, const common_options&, output&),
                std::type_identity_t<void (*)(Options&, const common_options&)> check = nullptr) {
  command.callback([&context, options = std::move(options), action, check] {
    if (check != nullptr) check(*options, context.common);
    context.action = [&common = context.common, options, action](output& out) { return action(*options, common, out); };
  });
}

// The same for a command without options of its own.
inline void set_action(CLI::App& command, command_context& context,
                       exit_code (*action)(const common_options&, output&)) {
  command.callback([&context, action] {
    context.action = [&common = context.common, action](output& out) { return action(common, out); };
  });
}

}  // namespace tool

#endif
