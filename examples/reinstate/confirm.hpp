// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_CONFIRM_HPP
#define REINSTATE_TOOL_CONFIRM_HPP

#include "interrupt.hpp"

#include <reinstate/error.hpp>

#include <string_view>

namespace tool {

// Whether there is a terminal to ask in.
bool can_confirm();

// Shows a text in the terminal, and asks whether to go on.
// Errors: operation_canceled for every answer but yes, Ctrl-C and Ctrl-D.
reinstate::result<void> confirm(std::string_view text, interrupt& stop);

// The same while somebody else watches for Ctrl-C, and tells `stop`.
reinstate::result<void> ask_to_go_on(std::string_view text, const interrupt& stop);

}  // namespace tool

#endif
