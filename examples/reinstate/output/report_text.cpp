// SPDX-License-Identifier: BSL-1.0
#include "output/report_text.hpp"

#include "output/advice.hpp"
#include "output/text.hpp"

#include <algorithm>

namespace tool {

using reinstate::error_code;
using reinstate::license_outcome;
using reinstate::operation_report;

namespace {

std::string generation_text(std::uint32_t number) {
  return "generation " + std::to_string(number);
}

std::string size_and_generation(const operation_report& report) {
  return " (" + size_text(report.bytes) + ", " + generation_text(report.generation);
}

}  // namespace

std::string license_text(const reinstate::license_id& id, const reinstate::key_id& key, const std::string& title) {
  if (title.empty() && key == reinstate::key_id()) return "license " + to_string(id);
  return quoted_title(title) + ", key id " + to_string(key);
}

std::string outcomes_text(std::span<const license_outcome> outcomes, std::uint64_t total) {
  std::vector<error_code> reasons;
  for (const license_outcome& each : outcomes)
    if (std::ranges::find(reasons, each.reason) == reasons.end()) reasons.push_back(each.reason);
  std::string out;
  for (const error_code& reason : reasons) {
    out += "  " + text_of(reason) + " ";
    out.append(advice_for(reason)).append("\n");
    for (const license_outcome& each : outcomes)
      if (each.reason == reason) out += "    " + license_text(each.id, each.key, each.title) + "\n";
  }
  if (total > outcomes.size()) out += "  and " + license_count(total - outcomes.size()) + " more\n";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string generations_text(const std::vector<std::uint32_t>& generations) {
  std::string out = generations.size() == 1 ? "generation " : "generations ";
  for (const std::uint32_t each : generations) out += (out.ends_with(' ') ? "" : ", ") + std::to_string(each);
  return out;
}

std::string backup_summary(const operation_report& report) {
  if (report.bytes == 0) return "Nothing has changed since " + generation_text(report.generation) + ".";
  std::string out = "Backed up " + license_count(report.licenses_done);
  if (report.licenses_removed != 0) out += ", " + count_text(report.licenses_removed) + " removed";
  if (report.builds_on != 0) out += ", " + count_text(report.licenses_kept) + " unchanged";
  out += size_and_generation(report);
  if (report.builds_on != 0) out += ", builds on " + generation_text(report.builds_on);
  return out + ").";
}

std::string restore_summary(const operation_report& report, bool is_salvaged) {
  std::string out = is_salvaged ? "Salvaged " : "Restored ";
  out += license_count(report.licenses_done) + size_and_generation(report) + ").";
  if (report.licenses_kept != 0) out += " Already here: " + license_count(report.licenses_kept) + ".";
  return out;
}

std::string verify_summary(const operation_report& report) {
  return "The backup is good: " + license_count(report.licenses_done) + size_and_generation(report) + ").";
}

std::string health_summary(const operation_report& report) {
  return (report.licenses_left_out == 0 ? "All is safe: " : "Safe: ") + license_count(report.licenses_done) +
         " as in " + generation_text(report.generation) + ".";
}

}  // namespace tool
