// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_COMMANDS_HPP
#define REINSTATE_TOOL_COMMANDS_HPP

#include "command_line/command.hpp"

// Each of these registers one command, or all of a group, below `parent`. A command keeps its options to itself.

namespace tool {

// Registers every command of the tool.
void add_commands(CLI::App& app, command_context& context);

void add_import_clearkey(CLI::App& parent, command_context& context);
void add_import_keygen(CLI::App& parent, command_context& context);
void add_export_clearkey(CLI::App& parent, command_context& context);
void add_list(CLI::App& parent, command_context& context);
void add_key(CLI::App& parent, command_context& context);

void add_backup(CLI::App& parent, command_context& context);
void add_restore(CLI::App& parent, command_context& context);
void add_verify(CLI::App& parent, command_context& context);
void add_inspect(CLI::App& parent, command_context& context);
void add_health(CLI::App& parent, command_context& context);

void add_recovery_list(CLI::App& parent, command_context& context);
void add_recovery_add(CLI::App& parent, command_context& context);
void add_recovery_remove(CLI::App& parent, command_context& context);
void add_recovery_check(CLI::App& parent, command_context& context);
void add_recovery_passphrase(CLI::App& parent, command_context& context);

// The commands that need reinstate::service. Registers none if the tool is built without it.
void add_service_commands(CLI::App& app, command_context& context);

void add_serve(CLI::App& parent, command_context& context);
void add_ledger_issuer_add(CLI::App& parent, command_context& context);
void add_ledger_issuers(CLI::App& parent, command_context& context);
void add_ledger_revocations(CLI::App& parent, command_context& context);
void add_ledger_release(CLI::App& parent, command_context& context);
void add_ledger_audit(CLI::App& parent, command_context& context);
void add_service_set(CLI::App& parent, command_context& context);
void add_service_show(CLI::App& parent, command_context& context);
void add_service_forget(CLI::App& parent, command_context& context);
void add_machines(CLI::App& parent, command_context& context);
void add_release(CLI::App& parent, command_context& context);
void add_issuer_key(CLI::App& parent, command_context& context);
void add_issuer_revoke(CLI::App& parent, command_context& context);

}  // namespace tool

#endif
