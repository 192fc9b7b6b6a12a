// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_RECOVERY_HPP
#define REINSTATE_TOOL_RECOVERY_HPP

#include "options.hpp"
#include "output.hpp"

namespace tool {

// The commands about what opens a backup on another machine.
exit_code recovery_list(const options& what, output& out);
exit_code recovery_add(const options& what, output& out);
exit_code recovery_remove(const options& what, output& out);
exit_code recovery_check(const options& what, output& out);
exit_code recovery_passphrase(const options& what, output& out);

}  // namespace tool

#endif
