// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_CONFIRM_HPP
#define REINSTATE_TOOL_CONFIRM_HPP

#include "terminal/interrupt.hpp"

#include <reinstate/error.hpp>

#include <string_view>

namespace tool {

// Returns true if there is a terminal to ask in.
bool can_confirm();

// Shows a text in the terminal and asks whether to continue. Ctrl-C requests `stop`.
// Errors: operation_canceled for every answer but yes, for Ctrl-C and Ctrl-D, and if there is no terminal.
reinstate::result<void> confirm(std::string_view text, interrupt& stop);

// The same for a caller that handles signals itself and requests `stop`.
reinstate::result<void> confirm_unless_stopped(std::string_view text, const interrupt& stop);

}  // namespace tool

#endif
