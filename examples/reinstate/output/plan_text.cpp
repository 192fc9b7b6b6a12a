// SPDX-License-Identifier: BSL-1.0
#include "output/plan_text.hpp"

#include "output/report_text.hpp"
#include "output/text.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

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
  const auto add = [&out](std::uint64_t count, const char* description) {
    if (count != 0) out += (out.empty() ? "" : ", ") + count_text(count) + description;
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

// Lists the licenses of one kind, and names the first `max_named` of them.
std::string list(const operation_plan& plan, planned_action kind, std::uint64_t total, std::string_view title,
                 std::size_t max_named) {
  if (total == 0) return {};
  std::string out = "\n" + std::string(title);
  std::uint64_t named = 0;
  for (const planned_license& each : plan.licenses) {
    if (each.action != kind || named == max_named) continue;
    out += "\n  " + license_text(each.id, each.key, each.title);
    ++named;
  }
  if (total > named) out += "\n  and " + license_count(total - named) + " more";
  return out;
}

std::string left_out(const operation_plan& plan, std::size_t max_named) {
  if (plan.left_out == 0) return {};
  std::vector<reinstate::license_outcome> outcomes;
  for (const planned_license& each : plan.licenses)
    if (each.action == planned_action::leave_out && outcomes.size() != max_named)
      outcomes.push_back({each.id, each.key, each.title, each.reason});
  return "\nLeft out:\n" + outcomes_text(outcomes, plan.left_out);
}

std::string consent(const operation_plan& plan) {
  std::string out;
  if (plan.begins_new_set) out += "\nIt gets new keys; what opens an older backup does not open it.";
  if (plan.needs_individualization) out += "\nThis machine gets an identity (--individualize permits it).";
  if (plan.machine_slots != 0)
    out += "\nMachine slots that this machine would take at the services of the issuers: " +
           count_text(plan.machine_slots) + ".";
  if (!plan.generations_removed.empty())
    out += "\nWould be removed: " + generations_text(plan.generations_removed) + ".";
  return out;
}

}  // namespace

bool changes_anything(const operation_plan& plan, plan_kind kind) {
  if (kind == plan_kind::backup) return !plan.writes_nothing;
  return plan.taken + plan.renewed + plan.replaced + plan.removed != 0;
}

std::string plan_text(const operation_plan& plan, plan_kind kind, std::size_t max_named) {
  return heading(plan, kind) + "\n" + counts(plan) + list(plan, planned_action::take, plan.taken, "New:", max_named) +
         list(plan, planned_action::renew, plan.renewed, "Newer than the license there:", max_named) +
         list(plan, planned_action::replace, plan.replaced,
              "Replaced, as the license there is damaged or outdated:", max_named) +
         list(plan, planned_action::remove, plan.removed, "Removed; earlier generations still have them:", max_named) +
         left_out(plan, max_named) + consent(plan);
}

}  // namespace tool
