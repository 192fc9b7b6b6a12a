// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPERATIONS_HPP
#define REINSTATE_TOOL_OPERATIONS_HPP

#include "options.hpp"
#include "output.hpp"

namespace tool {

// The commands that run an operation of a restorer, with events, progress and Ctrl-C.
exit_code backup(const options& what, output& out);
exit_code restore(const options& what, output& out);
exit_code verify(const options& what, output& out);
exit_code health(const options& what, output& out);

}  // namespace tool

#endif
