// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/ending_report.hpp"
#include "operation/plan_review.hpp"
#include "operation/session.hpp"
#include "output/report_text.hpp"

namespace tool {
namespace {

using reinstate::errc;

struct backup_command_options {
  session_options session;
  plan_options plan;
  bool overwrite = false;
  bool update = false;
  reinstate::license_selection selection;
  reinstate::keep_policy keep;
};

reinstate::backup_options library_options(const backup_command_options& options) {
  using enum reinstate::backup_flags;
  return {options.update ? update : options.overwrite ? overwrite : none, options.selection, options.keep};
}

exit_code backup(const backup_command_options& options, const common_options& common, output& out) {
  session run(common, options.session, out);
  const home& machine_home = run.machine_home();
  error_location location;
  if (const auto loaded = run.load_secrets(location); !loaded) return out.failed(loaded.error(), location);
  if (const auto loaded = run.load_service(location); !loaded) return out.failed(loaded.error(), location);
  if (!machine_home.has_store())
    return out.failed(errc::store_not_found, {error_subject::store, machine_home.store_file().string()});
  auto store = run.open_store();
  if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));

  const ending_report report(options.session.backup_path, damage_detail::passed_over, machine_home, out);
  reinstate::backup_options request = library_options(options);
  if (options.plan.dry_run) return show_plan(run, *store, request, plan_kind::backup, report, out);
  if (options.plan.confirm)
    if (const auto ended = confirm_plan(run, *store, request, plan_kind::backup, report, out)) return *ended;
  const ending end = run.run(*store, request);
  return report.finish(end, backup_summary(end.report));
}

// Returns an empty string, or why the text is not valid.
std::string check_keep_policy(const std::string& text) {
  return reinstate::parse_keep_policy(text)
             ? std::string()
             : std::string("a keep policy is all, or rules such as last=3,daily=7,weekly=4,monthly=12");
}

// Also completes the session options, as an update goes on with the recovery key of the backup it adds to.
void check_options(backup_command_options& options, const common_options& common) {
  const session_options& session = options.session;
  const bool has_other_key_storage = session.readable_key || !session.recipient.empty();
  if (has_other_key_storage && !common.passphrase_file.empty())
    throw usage_error(
        "--passphrase-file is of no use with --readable-key or --recipient: the recovery key is stored in one way");
  check_plan_options(options.plan, common);
  options.session.keep_recovery_key = options.update;
}

void add_generation_options(CLI::App& command, backup_command_options& options) {
  auto* const overwrite = command.add_flag("--overwrite", options.overwrite,
                                           "Replace an existing backup; it stays until the new one is proven good");
  auto* const update = command
                           .add_flag("--update", options.update,
                                     "Add what is new, changed or removed to an existing backup, as a new generation")
                           ->excludes(overwrite);
  command
      .add_option_function<std::string>(
          "--keep",
          [keep = &options.keep](const std::string& text) { *keep = reinstate::parse_keep_policy(text).value(); },
          "Which generations stay after an update: all by default, or last=3,daily=7,...")
      ->check(CLI::Validator(check_keep_policy, ""))
      ->needs(update)
      ->type_name("POLICY");
}

}  // namespace

void add_backup(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<backup_command_options>();
  session_options& session = options->session;
  CLI::App& command = add_command(parent, "backup",
                                  "Back up licenses to a folder: all of them, unless options select some.\n"
                                  "If a passphrase comes from a file or the environment, it opens the new backup,\n"
                                  "unless the recovery key is stored readable or for a recipient. An update does not\n"
                                  "change what opens the backup.",
                                  "backup /media/stick --update");
  add_backup_path(command, session.backup_path, "An existing folder");
  add_generation_options(command, *options);
  auto* const readable = command.add_flag("--readable-key", session.readable_key,
                                          "Store the recovery key readable in the folder, so that anyone who has "
                                          "the folder can open it");
  add_recipient(command, session.recipient, "Encrypt the recovery key to an age public key instead of a passphrase")
      ->excludes(readable);
  add_plan_options(command, options->plan);
  add_service_choice(command, session.service);
  add_license_selection(command, options->selection);
  set_action(command, context, options, backup, check_options);
}

}  // namespace tool
