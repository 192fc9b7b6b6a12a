// SPDX-License-Identifier: BSL-1.0
#include "commands/ledger_file.hpp"

#include "output/text.hpp"

namespace tool {
namespace {

// Returns an empty string, or why the text is not valid.
std::string check_public_key(const std::string& text) {
  return public_key_from(text) ? std::string() : std::string("a public key or machine id is 64 hexadecimal digits");
}

}  // namespace

void add_ledger_option(CLI::App& command, std::filesystem::path& ledger) {
  command.add_option("--ledger", ledger, "The ledger; a service may be using it")->required()->type_name("FILE");
}

void add_public_key_argument(CLI::App& command, const char* name, std::array<std::byte, 32>& key,
                             const char* description) {
  command
      .add_option_function<std::string>(
          name, [&key](const std::string& text) { key = public_key_from(text).value(); }, description)
      ->required()
      ->check(CLI::Validator(check_public_key, ""))
      ->type_name("HEX");
}

reinstate::result<std::unique_ptr<reinstate::ledger>> open_existing_ledger(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return reinstate::errc::path_not_found;
  return reinstate::open_sqlite_ledger(file);
}

error_location ledger_location(const std::filesystem::path& file) {
  return {error_subject::ledger, file.string()};
}

}  // namespace tool
