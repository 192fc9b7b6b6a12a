// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/ledger_file.hpp"
#include "output/text.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <span>
#include <vector>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::result;

constexpr std::size_t max_list_bytes = 64 * 1024 * 1024;

struct ledger_revocations_options {
  std::filesystem::path ledger;
  std::string list_file;  // "-": standard input
};

result<std::vector<std::byte>> read_list(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& input = name == "-" ? std::cin : file;
  if (!input) return std::filesystem::exists(name) ? errc::path_not_accessible : errc::path_not_found;
  std::vector<std::byte> out;
  std::array<char, 4096> buffer{};
  while (input.read(buffer.data(), buffer.size()), input.gcount() > 0) {
    const auto bytes = std::as_bytes(std::span(buffer)).first(static_cast<std::size_t>(input.gcount()));
    out.insert(out.end(), bytes.begin(), bytes.end());
    if (out.size() > max_list_bytes) return errc::revocation_list_invalid;
  }
  return out;
}

// Errors: issuer_unknown if the issuer in the list, with the key that signed it, is not in the ledger.
result<void> check_issuer(reinstate::ledger& ledger, const reinstate::signed_revocation_list& list) {
  const auto issuers = ledger.records().issuers();
  if (!issuers) return issuers.error();
  if (std::ranges::find(*issuers, reinstate::trusted_issuer{list.list.issuer, list.signer}) == issuers->end())
    return errc::issuer_unknown;
  return {};
}

// Returns true if an error is about the list and not about the ledger.
bool is_about_list(const error_code& error) {
  return error == errc::issuer_unknown || error == errc::revocation_list_outdated;
}

exit_code ledger_revocations(const ledger_revocations_options& options, const common_options&, output& out) {
  const error_location list_location{error_subject::input_file, options.list_file};
  const auto bytes = read_list(options.list_file);
  if (!bytes) return out.failed(bytes.error(), list_location);
  const auto list = reinstate::parse_revocation_list(*bytes);
  if (!list) return out.failed(list.error(), list_location);
  const auto ledger = open_existing_ledger(options.ledger);
  if (!ledger) return out.failed(ledger.error(), ledger_location(options.ledger));
  auto stored = check_issuer(**ledger, *list);
  if (stored) stored = (*ledger)->records().put_revocations(list->signer, list->list.version, *bytes);
  if (!stored)
    return out.failed(stored.error(), is_about_list(stored.error()) ? list_location : ledger_location(options.ledger));
  out.note("List " + std::to_string(list->list.version) + " of " + quoted_title(list->list.issuer) +
           " is in force from now on.");
  return out.done({{"issuer", list->list.issuer}, {"version", list->list.version}});
}

}  // namespace

void add_ledger_revocations(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<ledger_revocations_options>();
  CLI::App& command = add_command(parent, "revocations", "Load a revocation list that an issuer has signed.",
                                  "ledger revocations list.bin --ledger ledger.db");
  add_ledger_option(command, options->ledger);
  command.add_option("file", options->list_file, "The list; - is standard input")->required()->type_name("FILE");
  set_action(command, context, options, ledger_revocations);
}

}  // namespace tool
