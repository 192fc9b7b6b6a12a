// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_REPORT_TEXT_HPP
#define REINSTATE_TOOL_REPORT_TEXT_HPP

#include <reinstate/plan.hpp>
#include <reinstate/report.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// What operations did or would do, for people.

namespace tool {

// A title and a key id; of a license of which only the id is known, that.
std::string license_text(const reinstate::license_id& id, const reinstate::key_id& key, const std::string& title);

// Each reason once, with the licenses it is about; `in_all` counts those that are not listed, too.
std::string outcomes_text(std::span<const reinstate::license_outcome> outcomes, std::uint64_t in_all);

// "generation 4", "generations 1, 2".
std::string generations_text(const std::vector<std::uint32_t>& generations);

std::string backup_summary(const reinstate::operation_report& report);
std::string restore_summary(const reinstate::operation_report& report, bool is_salvaged);
std::string verify_summary(const reinstate::operation_report& report);
std::string health_summary(const reinstate::operation_report& report);

// What a plan is made for.
enum class plan_kind { backup, restore };

// Whether a plan would put licenses anywhere, or remove them.
bool changes_anything(const reinstate::operation_plan& plan, plan_kind kind);

// At most `listed` licenses of each kind are named.
std::string plan_text(const reinstate::operation_plan& plan, plan_kind kind, std::size_t listed);

}  // namespace tool

#endif
