// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_DESCRIBE_HPP
#define REINSTATE_TOOL_DESCRIBE_HPP

#include "output.hpp"

#include <reinstate/inspect.hpp>
#include <reinstate/license_store.hpp>
#include <reinstate/status.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tool {

// A license without its payload, as `list` shows it.
struct license_line {
  reinstate::license_id id;
  reinstate::key_id key;
  std::uint64_t revision = 0;
  std::string format;
  std::string issuer;
  std::string title;
  std::optional<reinstate::key_id> root;
  reinstate::backup_right backup = reinstate::backup_right::denied;
  reinstate::license_state state;
  bool is_damaged = false;
};

license_line line_of(const reinstate::license_record& stored, bool is_damaged);

std::string_view phase_name(reinstate::operation_phase phase);

// For programs.
json reference_json(const reinstate::license_id& id, const reinstate::key_id& key, const std::string& title);
json license_json(const license_line& item);
json event_json(const reinstate::status_event& event);
json outcomes_json(std::span<const reinstate::license_outcome> outcomes);
json report_json(const reinstate::operation_report& report);
json backup_json(const reinstate::backup_description& backup);
json slot_json(const reinstate::key_slot& slot);

// For people.
std::string_view license_heading();
std::string license_text(const license_line& item);
std::string outcome_text(const reinstate::license_outcome& outcome);
std::string backup_text(const reinstate::backup_description& backup);
std::string slot_text(const reinstate::key_slot& slot);

}  // namespace tool

#endif
