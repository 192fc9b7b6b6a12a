// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_COMMAND_LINE_HPP
#define REINSTATE_TOOL_COMMAND_LINE_HPP

#include "command_line/command.hpp"

#include <optional>

namespace tool {

// Parses the command line into `context`. Returns nullopt if there is an action to run. Otherwise help, the version or
// a usage error was printed; returns the exit code.
std::optional<exit_code> parse_command_line(int argc, char** argv, command_context& context);

}  // namespace tool

#endif
