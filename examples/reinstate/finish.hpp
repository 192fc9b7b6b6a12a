// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_FINISH_HPP
#define REINSTATE_TOOL_FINISH_HPP

#include "session.hpp"

#include <string>

namespace tool {

// Tells how an operation ended, and gives the exit code for it. `summary` says what went well.
exit_code finish(const ending& end, const options& what, const home& here, output& out, const std::string& summary);

// The same for one that made a plan, and for a look at the health: both went well, and may have something to tell.
exit_code finish_plan(const ending& end, const options& what, output& out);
exit_code finish_health(const ending& end, const options& what, output& out);

}  // namespace tool

#endif
