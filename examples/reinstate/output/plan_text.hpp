// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PLAN_TEXT_HPP
#define REINSTATE_TOOL_PLAN_TEXT_HPP

#include <reinstate/plan.hpp>

#include <cstddef>
#include <string>

namespace tool {

// The operation a plan is for.
enum class plan_kind { backup, restore };

// Returns true if carrying out the plan would add, replace or remove a license.
bool changes_anything(const reinstate::operation_plan& plan, plan_kind kind);

// Describes a plan for people. Names at most `max_named` licenses of each kind.
std::string plan_text(const reinstate::operation_plan& plan, plan_kind kind, std::size_t max_named);

}  // namespace tool

#endif
