// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "output/text.hpp"
#include "secrets/secret_output.hpp"
#include "service/issuer_key_file.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <chrono>
#include <cstdint>

namespace tool {
namespace {

struct issuer_revoke_options {
  std::string file;
  signing_issuer issuer;
  std::uint64_t version = 0;
  std::vector<reinstate::license_id> licenses;
  std::vector<reinstate::key_id> keys;
  std::vector<std::string> users;
};

exit_code issuer_revoke(const issuer_revoke_options& options, const common_options&, output& out) {
  const auto key = read_issuer_key(options.issuer.key_file);
  if (!key) return out.failed(key.error(), {error_subject::input_file, options.issuer.key_file.string()});
  reinstate::revocation_list list;
  list.issuer = options.issuer.name;
  list.version = options.version;
  list.issued = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  list.licenses = options.licenses;
  list.keys = options.keys;
  list.users = options.users;
  const error_location location{error_subject::output_file, options.file};
  const auto bytes = reinstate::sign_revocation_list(std::move(list), *key);
  if (!bytes) return out.failed(bytes.error(), location);
  const auto written = write_new_file(options.file, reinstate::secret_bytes::copy_of(*bytes));
  if (!written) return out.failed(written.error(), location);
  out.note("Signed. Give it to the service: reinstate ledger revocations " + printable(options.file));
  return out.done({{"file", options.file}, {"version", options.version}});
}

}  // namespace

void add_issuer_revoke(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<issuer_revoke_options>();
  CLI::App& command =
      add_command(parent, "revoke", "Write a signed list of everything that an issuer has revoked so far.",
                  "issuer revoke list.bin --issuer-name Studio --issuer-key studio.key --version 2 ...");
  add_file_argument(command, options->file, "A new file");
  command.add_option("--issuer-name", options->issuer.name, "The name of the issuer")->required()->type_name("NAME");
  command.add_option("--issuer-key", options->issuer.key_file, "The private key of the issuer, from issuer key")
      ->required()
      ->type_name("FILE");
  command.add_option("--version", options->version, "Higher than the version of the previous list")
      ->required()
      ->type_name("N");
  add_license_ids(command, "--license", options->licenses, "This license; can be repeated");
  add_key_ids(command, "--key-id", options->keys, "All licenses of this key id; can be repeated");
  command.add_option("--user", options->users, "All licenses of this user; can be repeated")
      ->allow_extra_args(false)
      ->type_name("ID");
  set_action(command, context, options, issuer_revoke);
}

}  // namespace tool
