// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/ending_report.hpp"
#include "operation/plan_review.hpp"
#include "operation/session.hpp"
#include "operation/store_for_reading.hpp"
#include "output/report_text.hpp"

#include <cstdint>

namespace tool {
namespace {

using reinstate::errc;

struct restore_command_options {
  session_options session;
  plan_options plan;
  bool individualize = false;
  reinstate::license_selection selection;
  std::uint32_t generation = 0;  // 0: the newest
  bool salvage = false;
  bool repair = false;
};

reinstate::restore_options library_options(const restore_command_options& options) {
  reinstate::restore_options request;
  if (options.individualize) request.flags = reinstate::restore_flags::individualize;
  request.selection = options.selection;
  request.generation = options.generation;
  request.salvage = options.salvage;
  request.repair = options.repair;
  request.take_over_machine_slot = options.session.contact.take_over_machine_slot;
  return request;
}

exit_code restore(const restore_command_options& options, const common_options& common, output& out) {
  session run(common, options.session, out);
  const home& machine_home = run.machine_home();
  error_location location;
  if (const auto loaded = run.load_secrets(location); !loaded) return out.failed(loaded.error(), location);
  if (const auto loaded = run.load_service(location); !loaded) return out.failed(loaded.error(), location);
  const ending_report report(options.session.backup_path,
                             options.salvage ? damage_detail::all : damage_detail::passed_over, machine_home, out);
  reinstate::restore_options request = library_options(options);
  if (options.plan.dry_run || options.plan.confirm) {
    auto store = store_for_reading(run);
    if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
    if (options.plan.dry_run) return show_plan(run, *store, request, plan_kind::restore, report, out);
    if (const auto ended = confirm_plan(run, *store, request, plan_kind::restore, report, out)) return *ended;
    // The user has confirmed a plan that says so.
    if (request.plan->needs_individualization) request.flags = reinstate::restore_flags::individualize;
  }
  if (auto created = machine_home.create(); !created)
    return out.failed(created.error(), {error_subject::home, common.home.string()});
  auto store = run.open_store();
  if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
  const ending end = run.run(*store, request);
  return report.finish(end, restore_summary(end.report, end.error == errc::backup_salvaged));
}

void check_options(restore_command_options& options, const common_options& common) {
  check_plan_options(options.plan, common);
}

}  // namespace

void add_restore(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<restore_command_options>();
  session_options& session = options->session;
  CLI::App& command = add_command(
      parent, "restore", "Restore licenses from a backup to this machine: all of them, unless options select some.",
      "restore /media/stick --individualize");
  add_backup_path(command, session.backup_path);
  command.add_flag("--individualize", options->individualize,
                   "Permit giving this machine an identity if it has none yet");
  add_generation(command, options->generation,
                 "Restore the licenses of this generation; by default, of the newest that is whole");
  command.add_flag("--salvage", options->salvage, "Restore what is whole of a damaged backup");
  command.add_flag("--repair", options->repair, "Also replace licenses of this machine that can no longer be opened");
  add_readable_key(command, session.readable_key);
  add_unlock_options(command, session.unlock);
  add_plan_options(command, options->plan);
  add_service_choice(command, session.service);
  add_service_contact(command, session.contact);
  add_license_selection(command, options->selection);
  set_action(command, context, options, restore, check_options);
}

}  // namespace tool
