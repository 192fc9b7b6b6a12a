// SPDX-License-Identifier: BSL-1.0
#include "report_text.hpp"

#include "text.hpp"

#include <algorithm>
#include <string_view>

namespace tool {
namespace {

using reinstate::operation_plan;
using reinstate::planned_action;
using reinstate::planned_license;

std::string heading(const operation_plan& plan, plan_kind kind) {
  const std::string number = std::to_string(plan.generation);
  if (kind == plan_kind::restore) return "From generation " + number + ":";
  if (plan.writes_nothing) return "Nothing would be written: nothing has changed.";
  if (plan.builds_on == 0) return "Generation " + number + " would be written, with everything:";
  return "Generation " + number + " would be written, as an addition to generation " + std::to_string(plan.builds_on) +
         ":";
}

std::string counts(const operation_plan& plan) {
  std::string out;
  const auto add = [&out](std::uint64_t count, const char* what) {
    if (count != 0) out += (out.empty() ? "" : ", ") + count_text(count) + what;
  };
  add(plan.taken, " new");
  add(plan.renewed, " newer");
  add(plan.replaced, " replaced");
  add(plan.removed, " removed");
  add(plan.kept, " unchanged");
  add(plan.left_out, " left out");
  if (out.empty()) return "no licenses";
  return out + "; " + size_text(plan.payload_bytes) + " of licenses";
}

// Those of one kind; the first `listed` are named.
std::string list(const operation_plan& plan, planned_action what, std::uint64_t in_all, std::string_view title,
                 std::size_t listed) {
  if (in_all == 0) return {};
  std::string out = "\n" + std::string(title);
  std::uint64_t named = 0;
  for (const planned_license& each : plan.licenses) {
    if (each.action != what || named == listed) continue;
    out += "\n  " + license_text(each.id, each.key, each.title);
    ++named;
  }
  if (in_all > named) out += "\n  and " + license_count(in_all - named) + " more";
  return out;
}

std::string left_out(const operation_plan& plan, std::size_t listed) {
  if (plan.left_out == 0) return {};
  std::vector<reinstate::license_outcome> outcomes;
  for (const planned_license& each : plan.licenses)
    if (each.action == planned_action::leave_out && outcomes.size() != listed)
      outcomes.push_back({each.id, each.key, each.title, each.reason});
  return "\nLeft out:\n" + outcomes_text(outcomes, plan.left_out);
}

std::string consent(const operation_plan& plan) {
  std::string out;
  if (plan.begins_new_set) out += "\nIt begins with keys of its own; what opens an older backup does not open it.";
  if (plan.needs_individualization) out += "\nThis machine gets its identity (--individualize permits it).";
  if (plan.machine_slots != 0)
    out += "\nThe services of the issuers count this machine: " + std::to_string(plan.machine_slots) + " used.";
  if (!plan.generations_removed.empty()) out += "\nWould go: " + generations_text(plan.generations_removed) + ".";
  return out;
}

}  // namespace

bool changes_anything(const operation_plan& plan, plan_kind kind) {
  if (kind == plan_kind::backup) return !plan.writes_nothing;
  return plan.taken + plan.renewed + plan.replaced + plan.removed != 0;
}

std::string plan_text(const operation_plan& plan, plan_kind kind, std::size_t listed) {
  return heading(plan, kind) + "\n" + counts(plan) + list(plan, planned_action::take, plan.taken, "New:", listed) +
         list(plan, planned_action::renew, plan.renewed, "Newer than what is there:", listed) +
         list(plan, planned_action::replace, plan.replaced, "Replaced, since what is there is damaged or outdated:", listed) +
         list(plan, planned_action::remove, plan.removed, "Removed; earlier generations still have them:", listed) +
         left_out(plan, listed) + consent(plan);
}

}  // namespace tool
