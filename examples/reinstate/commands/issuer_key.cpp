// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "output/text.hpp"
#include "service/issuer_key_file.hpp"

#include <reinstate/managed/rights_statement.hpp>

#include <filesystem>

namespace tool {
namespace {

struct issuer_key_options {
  std::string file;
};

exit_code issuer_key(const issuer_key_options& options, const common_options&, output& out) {
  std::error_code ignored;
  const bool exists = std::filesystem::exists(options.file, ignored);
  const auto key = exists ? read_issuer_key(options.file) : make_issuer_key(options.file);
  if (!key)
    return out.failed(key.error(), {exists ? error_subject::input_file : error_subject::output_file, options.file});
  const std::string public_key = hex_of(reinstate::issuer_public_key(*key).value());
  if (!exists) out.note("A new private key is in " + printable(options.file) + ". This is its public key:");
  out.line(public_key);
  return out.done({{"public_key", public_key}});
}

}  // namespace

void add_issuer_key(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<issuer_key_options>();
  CLI::App& command =
      add_command(parent, "key", "Print the public key of an issuer. Makes the private key if there is none.",
                  "issuer key studio.key");
  add_file_argument(command, options->file, "The file of the private key");
  set_action(command, context, options, issuer_key);
}

}  // namespace tool
