// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/ledger_file.hpp"
#include "output/text.hpp"

namespace tool {
namespace {

struct ledger_issuers_options {
  std::filesystem::path ledger;
};

exit_code ledger_issuers(const ledger_issuers_options& options, const common_options&, output& out) {
  const auto ledger = open_existing_ledger(options.ledger);
  if (!ledger) return out.failed(ledger.error(), ledger_location(options.ledger));
  const auto issuers = (*ledger)->records().issuers();
  if (!issuers) return out.failed(issuers.error(), ledger_location(options.ledger));
  json list = json::array();
  for (const auto& issuer : *issuers) {
    out.line(hex_of(issuer.key) + "  " + quoted_title(issuer.name));
    list.push_back({{"name", issuer.name}, {"key", hex_of(issuer.key)}});
  }
  if (issuers->empty()) out.note("The service knows no issuer and grants nothing: add one with ledger issuer add.");
  return out.done({{"issuers", std::move(list)}});
}

}  // namespace

void add_ledger_issuers(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<ledger_issuers_options>();
  CLI::App& command = add_command(parent, "issuers", "List the issuers.", "ledger issuers --ledger ledger.db");
  add_ledger_option(command, options->ledger);
  set_action(command, context, options, ledger_issuers);
}

}  // namespace tool
