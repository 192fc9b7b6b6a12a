// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "commands/import_licenses.hpp"
#include "output/text.hpp"
#include "secrets/passphrase.hpp"
#include "secrets/secret_input.hpp"

#include <reinstate/import/keygen.hpp>

#include <array>

namespace tool {
namespace {

struct import_keygen_options {
  std::string path;  // "-": standard input
  import_options common;
  std::array<std::byte, 32> public_key{};
  std::string license_key_file;  // empty: not given; "-": standard input
  std::string fingerprint;
};

reinstate::result<reinstate::license> read_license(const import_keygen_options& options,
                                                   reinstate::secret_bytes license_key) {
  reinstate::keygen_import_options library_options;
  library_options.public_key = options.public_key;
  library_options.license_key = std::move(license_key);
  library_options.fingerprint = options.fingerprint;
  library_options.title = options.common.title;
  library_options.backup = backup_right_of(options.common);
  const auto text = read_import(options.path, library_options.max_bytes);
  if (!text) return text.error();
  auto item = reinstate::import_keygen(text_of(*text), library_options);
  if (item && item->title.empty()) item->title = title_or_file_name(options.common.title, options.path);
  return item;
}

exit_code import_keygen(const import_keygen_options& options, const common_options& common, output& out) {
  reinstate::secret_bytes license_key;
  if (!options.license_key_file.empty()) {
    auto line = read_secret_line(options.license_key_file);
    if (!line) return out.failed(line.error(), {error_subject::input_file, options.license_key_file});
    license_key = std::move(*line);
  }
  auto item = read_license(options, std::move(license_key));
  if (!item) return out.failed(item.error(), {error_subject::input_file, options.path});
  std::vector<reinstate::license> licenses;
  licenses.push_back(std::move(*item));
  return import_licenses(std::move(licenses), common, out);
}

// Returns an empty string, or why the text is not valid.
std::string check_public_key(const std::string& text) {
  return public_key_from(text) ? std::string() : std::string("a public key is 64 hexadecimal digits");
}

void check_options(import_keygen_options& options, const common_options&) {
  if (options.path == "-" && options.license_key_file == "-")
    throw usage_error("only one of the file and the license key can come from standard input");
}

}  // namespace

void add_import_keygen(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<import_keygen_options>();
  CLI::App& command = add_command(parent, "keygen",
                                  "Import a Keygen license file or machine file, if the account has signed it.\n"
                                  "Gives this machine its identity if it has none yet: licenses are sealed to it.",
                                  "import keygen license.lic --public-key e860... --license-key-file key.txt");
  add_file_argument(command, options->path, "The license file or machine file; - is standard input");
  command
      .add_option_function<std::string>(
          "--public-key",
          [key = &options->public_key](const std::string& text) { *key = public_key_from(text).value(); },
          "The account's Ed25519 public key: 64 hexadecimal digits")
      ->required()
      ->check(CLI::Validator(check_public_key, ""))
      ->type_name("HEX");
  command
      .add_option("--license-key-file", options->license_key_file,
                  "Read the license key, which opens an encrypted file, from the first line of this file; - is "
                  "standard input")
      ->type_name("FILE");
  command.add_option("--fingerprint", options->fingerprint, "The machine that an encrypted machine file is for");
  add_import_options(command, options->common,
                     "Your name for it; by default the name in the license, or else that of the file");
  set_action(command, context, options, import_keygen, check_options);
}

}  // namespace tool
