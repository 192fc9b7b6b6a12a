// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_EXIT_CODE_HPP
#define REINSTATE_TOOL_EXIT_CODE_HPP

namespace tool {

// The exit codes of the tool.
enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_wrong_usage = 2,
  exit_partial = 3,  // done, but with licenses left out or not safe
};

}  // namespace tool

#endif
