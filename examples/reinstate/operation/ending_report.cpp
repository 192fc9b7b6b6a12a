// SPDX-License-Identifier: BSL-1.0
#include "operation/ending_report.hpp"

#include "output/advice.hpp"
#include "output/describe.hpp"
#include "output/plan_json.hpp"
#include "output/report_text.hpp"
#include "output/text.hpp"

#include <filesystem>

namespace tool {
namespace {

using reinstate::backup_damage;
using reinstate::errc;
using reinstate::error_code;
using reinstate::operation_report;

bool is_partial(const error_code& ec) {
  return ec == errc::not_all_licenses_stored || ec == errc::backup_salvaged;
}

// Returns why an operation was done in part, or success if it was done in full.
error_code partial_reason(const ending& end) {
  if (end.error.failed()) return end.error;
  return end.report.licenses_left_out == 0 ? error_code() : make_error_code(errc::not_all_licenses_stored);
}

}  // namespace

std::string ending_report::path_in_backup(const std::string& file) const {
  return (std::filesystem::path(backup_path_) / file).string();
}

// Returns the file or folder an error is about, with the path the user gave.
error_location ending_report::location_of(const ending& end) const {
  if (!end.report.file.empty()) return {error_subject::backup, path_in_backup(end.report.file)};
  if (subject_of(end.error) == error_subject::backup) return {error_subject::backup, backup_path_};
  return home_.location_of(end.error);
}

// Warns people that an older generation was used, unless the command reports all damage anyway.
void ending_report::warn_of_passed_over(const ending& end) const {
  if (out_.is_json() || detail_ != damage_detail::passed_over) return;
  const bool was_used = !end.error.failed() || end.error == errc::not_all_licenses_stored;
  const std::string advice = "Warning: this generation was passed over, for generation " +
                             std::to_string(end.report.generation) + ". Make a new backup.";
  for (const backup_damage& each : end.report.damage)
    if (was_used || each.file != end.report.file) print_error(text_of(each.error), advice, path_in_backup(each.file));
}

void ending_report::show_damage(const ending& end) const {
  if (detail_ == damage_detail::passed_over || end.report.damage.empty()) return;
  out_.line("Damaged:");
  for (const backup_damage& each : end.report.damage)
    out_.line("  " + printable(path_in_backup(each.file)) + ": " + text_of(each.error));
}

// Lists licenses that were left out or have a warning, with --quiet as well.
void ending_report::show_licenses(const operation_report& report, const char* heading) const {
  if (report.licenses_left_out != 0 || !report.outcomes.empty()) {
    out_.line(heading);
    out_.line(outcomes_text(report.outcomes, report.licenses_left_out));
  }
  if (report.warnings.empty()) return;
  out_.line("Warnings:");
  out_.line(outcomes_text(report.warnings, report.warnings.size()));
}

exit_code ending_report::report_failure(const ending& end) const {
  if (end.error == errc::plan_outdated) show_licenses(end.report, "Changed:");
  if (detail_ == damage_detail::lost && !end.report.damage.empty()) {
    out_.line("A restore with --salvage would still give " + license_count(end.report.licenses_done) + ".");
    show_licenses(end.report, "Lost:");
    show_damage(end);
  }
  json fields = report_json(end.report);
  if (end.mistyped_group) fields["mistyped_group"] = *end.mistyped_group;
  return out_.failed(end.error, location_of(end), std::move(fields));
}

exit_code ending_report::done(const ending& end, json fields) const {
  const error_code reason = partial_reason(end);
  if (reason.failed()) fields["error"] = error_json(reason);
  return out_.done(std::move(fields), reason.failed() ? exit_partial : exit_done);
}

exit_code ending_report::fail(const ending& end) const {
  return finish(end, {});
}

exit_code ending_report::finish(const ending& end, const std::string& summary) const {
  warn_of_passed_over(end);
  if (end.error.failed() && !is_partial(end.error)) return report_failure(end);
  out_.note(summary);
  if (!end.report.generations_removed.empty())
    out_.note("Removed: " + generations_text(end.report.generations_removed) + ".");
  show_licenses(end.report, "Left out:");
  show_damage(end);
  return done(end, report_json(end.report));
}

exit_code ending_report::finish_plan(const ending& end) const {
  warn_of_passed_over(end);
  operation_report report = end.report;
  report.outcomes.clear();  // the plan names them
  report.licenses_left_out = 0;
  show_licenses(report, "");
  show_damage(end);
  json fields = report_json(end.report);
  fields["plan"] = plan_json(*end.report.plan);
  return done(end, std::move(fields));
}

exit_code ending_report::finish_health(const ending& end) const {
  warn_of_passed_over(end);
  out_.note(health_summary(end.report));
  show_licenses(end.report, "Not safe:");
  const bool is_healthy = end.report.licenses_left_out == 0 && end.report.damage.empty();
  return out_.done(report_json(end.report), is_healthy ? exit_done : exit_partial);
}

}  // namespace tool
