// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PLAN_JSON_HPP
#define REINSTATE_TOOL_PLAN_JSON_HPP

#include "output/output.hpp"

#include <reinstate/plan.hpp>

namespace tool {

// Describes a plan for programs.
json plan_json(const reinstate::operation_plan& plan);

}  // namespace tool

#endif
