// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_ENDING_REPORT_HPP
#define REINSTATE_TOOL_ENDING_REPORT_HPP

#include "machine/home.hpp"
#include "operation/session.hpp"
#include "output/output.hpp"

#include <string>
#include <utility>

namespace tool {

// How much of the damage of a backup a command reports.
enum class damage_detail {
  passed_over,  // warns if an older generation was used
  all,          // lists it: the command salvages
  lost,         // lists it, and the licenses that are lost: the command verifies to the end
};

// Reports how the operations of a command ended, and gives the exit code.
class ending_report {
 public:
  // Lifetime: the home and the output must outlive the object.
  ending_report(std::string backup_path, damage_detail detail, const home& machine_home, output& out)
      : backup_path_(std::move(backup_path)), detail_(detail), home_(machine_home), out_(out) {}

  // Ends a command whose operation ended so. `summary` describes a success.
  exit_code finish(const ending& end, const std::string& summary) const;

  // The same for an operation that failed.
  exit_code fail(const ending& end) const;

  // The same for operations that succeeded: one that made a plan, and a look at the health of a backup.
  exit_code finish_plan(const ending& end) const;
  exit_code finish_health(const ending& end) const;

 private:
  std::string path_in_backup(const std::string& file) const;
  error_location location_of(const ending& end) const;
  void warn_of_passed_over(const ending& end) const;
  void show_damage(const ending& end) const;
  void show_licenses(const reinstate::operation_report& report, const char* heading) const;
  exit_code report_failure(const ending& end) const;
  exit_code done(const ending& end, json fields) const;

  std::string backup_path_;
  damage_detail detail_;
  const home& home_;
  output& out_;
};

}  // namespace tool

#endif
