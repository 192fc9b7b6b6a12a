// SPDX-License-Identifier: BSL-1.0
#include "plan_json.hpp"

#include "describe.hpp"
#include "text.hpp"

#include <array>
#include <string_view>

namespace tool {
namespace {

json license_json(const reinstate::planned_license& item) {
  constexpr std::array<std::string_view, 6> names = {"take", "renew", "replace", "keep", "remove", "leave_out"};
  json out = reference_json(item.id, item.key, item.title);
  out["what"] = names.at(static_cast<std::size_t>(item.action));
  out["reason"] = error_json(item.reason);
  out["revision"] = item.revision;
  return out;
}

}  // namespace

json plan_json(const reinstate::operation_plan& plan) {
  json licenses = json::array();
  for (const auto& each : plan.licenses) licenses.push_back(license_json(each));
  return {{"generation", plan.generation},
          {"builds_on", plan.builds_on},
          {"writes_nothing", plan.writes_nothing},
          {"taken", plan.taken},
          {"renewed", plan.renewed},
          {"replaced", plan.replaced},
          {"kept", plan.kept},
          {"removed", plan.removed},
          {"left_out", plan.left_out},
          {"payload_bytes", plan.payload_bytes},
          {"needs_individualization", plan.needs_individualization},
          {"begins_new_set", plan.begins_new_set},
          {"machine_slots", plan.machine_slots},
          {"generations_removed", plan.generations_removed},
          {"licenses", std::move(licenses)},
          {"digest", hex_of(plan.digest)}};
}

}  // namespace tool
