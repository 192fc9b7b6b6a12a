// SPDX-License-Identifier: BSL-1.0
#include "finish.hpp"

#include "describe.hpp"
#include "place.hpp"
#include "plan_json.hpp"
#include "report_text.hpp"
#include "text.hpp"

#include <filesystem>
#include <utility>

namespace tool {
namespace {

using reinstate::backup_damage;
using reinstate::errc;
using reinstate::error_code;
using reinstate::operation_report;

std::string in_backup(const options& what, const std::string& file) {
  return (std::filesystem::path(what.path) / file).string();
}

// The file or folder an error is about, as the user named it.
std::string file_of(const ending& end, const options& what, const home& here) {
  if (!end.report.file.empty()) return in_backup(what, end.report.file);
  return tool::place_of(end.error) == place::backup ? what.path : here.place_of(end.error);
}

// A salvage and a verification to the end look for damage; everybody else is to know that an older generation was used.
bool looks_for_damage(const options& what) {
  return what.salvage || what.continue_after_damage;
}

void warn_of_generations_passed_over(const ending& end, const options& what, const output& out) {
  if (out.is_json() || looks_for_damage(what)) return;
  const bool was_used = !end.error.failed() || end.error == errc::not_all_licenses_stored;
  const std::string advice = "Warning: this generation was passed over, for generation " +
                             std::to_string(end.report.generation) + ". Make a new backup.";
  for (const backup_damage& each : end.report.damage)
    if (was_used || each.file != end.report.file) print_error(text_of(each.error), advice, in_backup(what, each.file));
}

void show_damage(const ending& end, const options& what, output& out) {
  if (!looks_for_damage(what) || end.report.damage.empty()) return;
  out.line("Damaged:");
  for (const backup_damage& each : end.report.damage)
    out.line("  " + printable(in_backup(what, each.file)) + ": " + text_of(each.error));
}

// What is to be said of single licenses, with --quiet as well.
void show_licenses(const operation_report& report, const char* heading, output& out) {
  if (report.licenses_left_out != 0 || !report.outcomes.empty()) {
    out.line(heading);
    out.line(outcomes_text(report.outcomes, report.licenses_left_out));
  }
  if (report.warnings.empty()) return;
  out.line("Warnings:");
  out.line(outcomes_text(report.warnings, report.warnings.size()));
}

exit_code fail(const ending& end, const options& what, const home& here, output& out) {
  if (end.error == errc::plan_outdated) show_licenses(end.report, "Changed:", out);
  if (what.continue_after_damage && !end.report.damage.empty()) {
    out.line("A restore with --salvage would still give " + license_count(end.report.licenses_done) + ".");
    show_licenses(end.report, "Lost:", out);
    show_damage(end, what, out);
  }
  json fields = report_json(end.report);
  if (end.mistyped_group) fields["mistyped_group"] = *end.mistyped_group;
  return out.failed(end.error, file_of(end, what, here), std::move(fields));
}

// Why something was done in part; success where it was done in full.
error_code partial_reason(const ending& end) {
  if (end.error.failed()) return end.error;
  return end.report.licenses_left_out == 0 ? error_code() : make_error_code(errc::not_all_licenses_stored);
}

exit_code done(const ending& end, json fields, output& out) {
  const error_code reason = partial_reason(end);
  if (reason.failed()) fields["error"] = error_json(reason);
  return out.done(std::move(fields), reason.failed() ? exit_partial : exit_done);
}

}  // namespace

exit_code finish(const ending& end, const options& what, const home& here, output& out, const std::string& summary) {
  warn_of_generations_passed_over(end, what, out);
  const bool is_partial = end.error == errc::not_all_licenses_stored || end.error == errc::backup_salvaged;
  if (end.error.failed() && !is_partial) return fail(end, what, here, out);
  out.note(summary);
  if (!end.report.generations_removed.empty())
    out.note("Removed: " + generations_text(end.report.generations_removed) + ".");
  show_licenses(end.report, "Left out:", out);
  show_damage(end, what, out);
  return done(end, report_json(end.report), out);
}

exit_code finish_plan(const ending& end, const options& what, output& out) {
  warn_of_generations_passed_over(end, what, out);
  operation_report report = end.report;
  report.outcomes.clear();  // the plan names them
  report.licenses_left_out = 0;
  show_licenses(report, "", out);
  show_damage(end, what, out);
  json fields = report_json(end.report);
  fields["plan"] = plan_json(*end.report.plan);
  return done(end, std::move(fields), out);
}

exit_code finish_health(const ending& end, const options& what, output& out) {
  warn_of_generations_passed_over(end, what, out);
  out.note(health_summary(end.report));
  show_licenses(end.report, "Not safe:", out);
  const bool is_well = end.report.licenses_left_out == 0 && end.report.damage.empty();
  return out.done(report_json(end.report), is_well ? exit_done : exit_partial);
}

}  // namespace tool
