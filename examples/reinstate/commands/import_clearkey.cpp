// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "commands/import_licenses.hpp"
#include "secrets/secret_input.hpp"

#include <reinstate/import/clearkey.hpp>

#include <optional>

namespace tool {
namespace {

struct import_clearkey_options {
  std::string path;  // "-": standard input
  import_options common;
  statement_options statement;
  std::optional<reinstate::key_id> root;
};

reinstate::result<std::vector<reinstate::license>> read_licenses(const import_clearkey_options& options) {
  reinstate::clearkey_import_options library_options;
  library_options.title = title_or_file_name(options.common.title, options.path);
  library_options.backup = backup_right_of(options.common);
  const auto text = read_import(options.path, library_options.max_bytes);
  if (!text) return text.error();
  return reinstate::import_clearkey(text_of(*text), library_options);
}

exit_code import_clearkey(const import_clearkey_options& options, const common_options& common, output& out) {
  auto licenses = read_licenses(options);
  if (!licenses) return out.failed(licenses.error(), {error_subject::input_file, options.path});
  for (reinstate::license& item : *licenses) item.root = options.root;
  if (const auto added = add_statements(*licenses, options.statement); !added)
    return out.failed(added.error(), {error_subject::input_file, options.statement.issuer.key_file.string()});
  return import_licenses(std::move(*licenses), common, out);
}

}  // namespace

void add_import_clearkey(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<import_clearkey_options>();
  CLI::App& command = add_command(parent, "clearkey",
                                  "Import a W3C ClearKey license (a JSON Web Key Set).\n"
                                  "Gives this machine its identity if it has none yet: licenses are sealed to it.",
                                  "import clearkey film.json --title 'A film' --allow-backup");
  add_file_argument(command, options->path, "The license; - is standard input");
  add_import_options(command, options->common, "Your name for it; by default the name of the file");
  add_statement(command, options->statement);
  add_key_id(command, "--root", options->root, "The key id of the root license that these licenses need to play");
  set_action(command, context, options, import_clearkey);
}

}  // namespace tool
