// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "operation/ending_report.hpp"
#include "operation/session.hpp"
#include "output/report_text.hpp"

#include <reinstate/plugins/memory_license_store.hpp>

#include <cstdint>

namespace tool {
namespace {

struct verify_command_options {
  session_options session;
  std::uint32_t generation = 0;  // 0: the newest
  bool continue_after_damage = false;
};

exit_code verify(const verify_command_options& options, const common_options& common, output& out) {
  session run(common, options.session, out);
  error_location location;
  if (const auto loaded = run.load_secrets(location); !loaded) return out.failed(loaded.error(), location);
  const ending_report report(options.session.backup_path,
                             options.continue_after_damage ? damage_detail::lost : damage_detail::passed_over,
                             run.machine_home(), out);
  // The store is not used: verifying must create no file on a machine without licenses.
  const ending end = run.run(reinstate::make_memory_license_store(),
                             reinstate::verify_options{options.generation, options.continue_after_damage});
  return report.finish(end, verify_summary(end.report));
}

}  // namespace

void add_verify(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<verify_command_options>();
  CLI::App& command = add_command(parent, "verify", "Open and check every byte of a backup, and change nothing.",
                                  "verify /media/stick");
  add_backup_path(command, options->session.backup_path);
  add_generation(command, options->generation, "Verify this generation and those it builds on; by default, the newest");
  command.add_flag("--all", options->continue_after_damage, "Continue after the first damage, and show what is lost");
  add_readable_key(command, options->session.readable_key);
  add_unlock_options(command, options->session.unlock);
  set_action(command, context, options, verify);
}

}  // namespace tool
