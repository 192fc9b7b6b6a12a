// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"

namespace tool {
namespace {

void add_ledger(CLI::App& app, command_context& context) {
  CLI::App& ledger = add_command_group(app, "ledger", "Show and change what a License Management Service has recorded",
                                       "ledger issuers --ledger ledger.db");
  CLI::App& issuer = add_command_group(ledger, "issuer", "Change which issuers the service knows",
                                       "ledger issuer add 'A studio' e860... --ledger ledger.db");
  add_ledger_issuer_add(issuer, context);
  add_ledger_issuers(ledger, context);
  add_ledger_revocations(ledger, context);
  add_ledger_release(ledger, context);
  add_ledger_audit(ledger, context);
}

void add_service(CLI::App& app, command_context& context) {
  CLI::App& service =
      add_command_group(app, "service", "Choose the service for managed licenses once and for all", "service show");
  add_service_set(service, context);
  add_service_show(service, context);
  add_service_forget(service, context);
}

void add_issuer(CLI::App& app, command_context& context) {
  CLI::App& issuer =
      add_command_group(app, "issuer", "Act as an issuer, to try a service out", "issuer key studio.key");
  add_issuer_key(issuer, context);
  add_issuer_revoke(issuer, context);
}

}  // namespace

void add_service_commands(CLI::App& app, command_context& context) {
  add_serve(app, context);
  add_ledger(app, context);
  add_service(app, context);
  add_machines(app, context);
  add_release(app, context);
  add_issuer(app, context);
}

}  // namespace tool
