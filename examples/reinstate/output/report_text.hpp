// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_REPORT_TEXT_HPP
#define REINSTATE_TOOL_REPORT_TEXT_HPP

#include <reinstate/report.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Describes reports of operations for people.

namespace tool {

// Returns the title and the key id, or the license id if nothing else is known.
std::string license_text(const reinstate::license_id& id, const reinstate::key_id& key, const std::string& title);

// Returns each reason once, with its advice and its licenses. `total` also counts licenses without an outcome.
std::string outcomes_text(std::span<const reinstate::license_outcome> outcomes, std::uint64_t total);

// Returns "generation 4" or "generations 1, 2".
std::string generations_text(const std::vector<std::uint32_t>& generations);

std::string backup_summary(const reinstate::operation_report& report);
std::string restore_summary(const reinstate::operation_report& report, bool is_salvaged);
std::string verify_summary(const reinstate::operation_report& report);
std::string health_summary(const reinstate::operation_report& report);

}  // namespace tool

#endif
