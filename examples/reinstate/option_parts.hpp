// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPTION_PARTS_HPP
#define REINSTATE_TOOL_OPTION_PARTS_HPP

#include "options.hpp"

#include <CLI/CLI.hpp>

#include <string>

// What several commands have in common on the command line. What they fill in must outlive the parsing.

namespace tool {

// A command of its own, or below another.
CLI::App& add_command(CLI::App& app, options& into, command what, const char* name, const char* text,
                      const char* example);

void add_path(CLI::App& sub, options& into, const char* name, const char* text);

// --identity-file, and --keyring where the tool has that.
void add_other_secrets(CLI::App& sub, options& into);

// Empty, or why this is no key id.
std::string check_key_id(const std::string& text);

CLI::Option* add_recipient(CLI::App& sub, options& into, const char* text);

// backup, restore, verify, inspect and health.
void add_backups(CLI::App& app, options& into);

// recovery list, add, remove, check and passphrase.
void add_recovery(CLI::App& app, options& into);

// serve and ledger, where the tool has a service.
void add_serving(CLI::App& app, options& into);

// These do nothing where the tool is built without the library of the service.

// service set, show and forget; machines, release; issuer key and revoke.
void add_service(CLI::App& app, options& into);

// Which service to use; of a backup only its key counts.
void add_service_choice(CLI::App& sub, options& into);

// How a restore may use it.
void add_service_contact(CLI::App& sub, options& into);

// What an issuer signs about what he imports.
void add_statement(CLI::App& sub, options& into);

}  // namespace tool

#endif
