// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "commands/ledger_file.hpp"
#include "output/text.hpp"

#include <cstdint>

namespace tool {
namespace {

constexpr std::size_t entries_per_query = 1'000;

struct ledger_audit_options {
  std::filesystem::path ledger;
  std::uint64_t after = 0;
};

json entry_json(const reinstate::audit_entry& entry) {
  json out = {{"number", entry.number}, {"time", entry.time.time_since_epoch().count()},
              {"what", entry.event},    {"license_id", nullptr},
              {"machine", nullptr},     {"detail", entry.detail}};
  if (entry.license) out["license_id"] = to_string(*entry.license);
  if (entry.machine) out["machine"] = hex_of(*entry.machine);
  return out;
}

std::string entry_text(const reinstate::audit_entry& entry) {
  std::string out = std::to_string(entry.number) + "  " + time_text(entry.time) + "  " + printable(entry.event);
  if (entry.license) out += "  license " + to_string(*entry.license);
  if (entry.machine) out += "  machine " + hex_of(*entry.machine);
  if (!entry.detail.empty()) out += "  " + printable(entry.detail);
  return out;
}

exit_code ledger_audit(const ledger_audit_options& options, const common_options&, output& out) {
  const auto ledger = open_existing_ledger(options.ledger);
  if (!ledger) return out.failed(ledger.error(), ledger_location(options.ledger));
  std::uint64_t last = options.after;
  for (;;) {
    const auto entries = (*ledger)->records().audit(last, entries_per_query);
    if (!entries) return out.failed(entries.error(), ledger_location(options.ledger));
    if (entries->empty() || out.has_failed()) break;
    for (const reinstate::audit_entry& entry : *entries) {
      out.line(entry_text(entry));
      out.object({{"audit", entry_json(entry)}});
    }
    last = entries->back().number;
  }
  return out.done({{"last", last}});
}

}  // namespace

void add_ledger_audit(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<ledger_audit_options>();
  CLI::App& command =
      add_command(parent, "audit", "Print the audit trail: what changed the machine slots of licenses, and when.",
                  "ledger audit --ledger ledger.db");
  add_ledger_option(command, options->ledger);
  command.add_option("--after", options->after, "Only entries with a higher number")->type_name("N");
  set_action(command, context, options, ledger_audit);
}

}  // namespace tool
