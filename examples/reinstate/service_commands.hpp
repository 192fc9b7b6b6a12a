// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SERVICE_COMMANDS_HPP
#define REINSTATE_TOOL_SERVICE_COMMANDS_HPP

#include "options.hpp"
#include "output.hpp"

namespace tool {

// The service of this machine.
exit_code service_set(const options& what, output& out);
exit_code service_show(const options& what, output& out);
exit_code service_forget(const options& what, output& out);

// The machines that have licenses of a backup's owner.
exit_code machines(const options& what, output& out);
exit_code release(const options& what, output& out);

}  // namespace tool

#endif
