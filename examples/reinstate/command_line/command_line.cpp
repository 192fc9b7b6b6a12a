// SPDX-License-Identifier: BSL-1.0
#include "command_line/command_line.hpp"

#include "commands/commands.hpp"

#include <reinstate/plugins/data_folder.hpp>

#include <iostream>

namespace tool {
namespace {

constexpr const char* description =
    "Backs up media licenses and restores them on a new machine.\n"
    "\n"
    "A passphrase opens a backup on any machine. It is read from --passphrase-file or from the environment variable\n"
    "REINSTATE_PASSPHRASE, or asked for in the terminal; it is never an argument. Instead, the recovery key of a\n"
    "backup can be encrypted to an age recipient, or stored readable in the folder. The recovery commands add other\n"
    "ways to open a backup, such as a printed recovery code.\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but with licenses left out or not safe.";

void add_common_options(CLI::App& app, common_options& options) {
  app.description(description);
  app.footer("Example: reinstate backup /media/stick");
  app.set_version_flag("--version", "reinstate " REINSTATE_VERSION);
  app.add_option("--home", options.home, "The folder of this machine's licenses and identity")
      ->envname("REINSTATE_HOME")
      ->type_name("DIR");
  app.add_flag("--json", options.json, "Print one JSON object per line: every event, then the result");
  app.add_flag("--quiet", options.quiet, "Print no progress line and no messages about success");
  app.add_option("--passphrase-file", options.passphrase_file,
                 "Read the passphrase from the first line of this file; - is standard input")
      ->type_name("FILE");
  app.require_subcommand(1);
  app.fallthrough();
}

// Prints with CLI11, which writes to the standard streams. Returns exit_failed if the output could not be written.
exit_code print_parse_result(const CLI::App& app, const CLI::ParseError& error) {
  const bool is_wrong_usage = app.exit(error) != 0;
  if (is_wrong_usage) return exit_wrong_usage;
  return std::cout.flush() ? exit_done : exit_failed;
}

}  // namespace

std::optional<exit_code> parse_command_line(int argc, char** argv, command_context& context) {
  CLI::App app;
  add_common_options(app, context.common);
  add_commands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return print_parse_result(app, error);
  } catch (const usage_error& error) {
    std::cerr << error.what() << '\n';
    return exit_wrong_usage;
  }
  if (context.common.home.empty()) context.common.home = reinstate::user_data_folder();
  return std::nullopt;
}

}  // namespace tool
