// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_COMMANDS_HPP
#define REINSTATE_TOOL_COMMANDS_HPP

#include "options.hpp"
#include "output.hpp"

namespace tool {

// The commands that work in the calling thread.
exit_code import_clearkey(const options& what, output& out);
exit_code import_keygen(const options& what, output& out);
exit_code export_clearkey(const options& what, output& out);
exit_code list(const options& what, output& out);
exit_code print_key(const options& what, output& out);
exit_code inspect(const options& what, output& out);

}  // namespace tool

#endif
