// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/ledger_file.hpp"
#include "output/text.hpp"

namespace tool {
namespace {

struct ledger_issuer_add_options {
  std::filesystem::path ledger;
  std::string name;
  std::array<std::byte, 32> key{};
};

exit_code ledger_issuer_add(const ledger_issuer_add_options& options, const common_options&, output& out) {
  const auto ledger = reinstate::open_sqlite_ledger(options.ledger);
  if (!ledger) return out.failed(ledger.error(), ledger_location(options.ledger));
  const reinstate::trusted_issuer issuer{options.name, options.key};
  if (const auto put = (*ledger)->records().put_issuer(issuer); !put)
    return out.failed(put.error(), ledger_location(options.ledger));
  out.note("The service knows the issuer " + quoted_title(issuer.name) + ".");
  return out.done({{"issuer", {{"name", issuer.name}, {"key", hex_of(issuer.key)}}}});
}

}  // namespace

void add_ledger_issuer_add(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<ledger_issuer_add_options>();
  CLI::App& command = add_command(parent, "add",
                                  "Let the service decide about the licenses of an issuer. Makes the ledger if there\n"
                                  "is none.",
                                  "ledger issuer add 'A studio' e860... --ledger ledger.db");
  add_ledger_option(command, options->ledger);
  command.add_option("name", options->name, "The name in the issuer's licenses")->required()->type_name("NAME");
  add_public_key_argument(command, "key", options->key, "The Ed25519 public key of the issuer's signatures");
  set_action(command, context, options, ledger_issuer_add);
}

}  // namespace tool
