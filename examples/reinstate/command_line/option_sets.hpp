// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPTION_SETS_HPP
#define REINSTATE_TOOL_OPTION_SETS_HPP

#include "command_line/common_options.hpp"
#include "secrets/secrets.hpp"
#include "service/issuer_key_file.hpp"
#include "service/service_choice.hpp"
#include "service/service_client.hpp"

#include <reinstate/operation_options.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Options and arguments that several commands take. The variables they set must outlive the parsing.

namespace tool {

// The argument PATH, the folder of a backup.
void add_backup_path(CLI::App& command, std::string& path, const char* description = "The folder of the backup");

// A required argument that names a file.
void add_file_argument(CLI::App& command, std::string& file, const char* description);

// --identity-file, and --keyring if the tool is built with it.
void add_unlock_options(CLI::App& command, unlock_options& options);

// --identity-file alone.
CLI::Option* add_identity_file(CLI::App& command, unlock_options& options);

// --readable-key, of commands that open a backup.
void add_readable_key(CLI::App& command, bool& is_accepted);

// --recipient.
CLI::Option* add_recipient(CLI::App& command, std::string& recipient, const char* description);

// --generation.
void add_generation(CLI::App& command, std::uint32_t& generation, const char* description);

// --new-passphrase-file.
void add_new_passphrase_file(CLI::App& command, std::string& file);

// Throws usage_error if both the old and the new passphrase would be read from standard input.
void check_passphrase_files(const common_options& common, const std::string& new_passphrase_file);

// --license, --key-id, --issuer, --format and --title.
void add_license_selection(CLI::App& command, reinstate::license_selection& selection);

// --dry-run and --confirm.
struct plan_options {
  bool dry_run = false;
  bool confirm = false;
};
void add_plan_options(CLI::App& command, plan_options& options);

// Throws usage_error if --confirm is given and there is no terminal to ask in.
void check_plan_options(const plan_options& options, const common_options& common);

// --allow-backup and --title, of imports.
struct import_options {
  std::string title;
  bool allow_backup = false;
};
void add_import_options(CLI::App& command, import_options& options, const char* title_description);

// An option or argument that takes one id, or an option that can be repeated.
CLI::Option* add_key_id(CLI::App& command, const char* name, std::optional<reinstate::key_id>& key,
                        const char* description);
CLI::Option* add_key_ids(CLI::App& command, const char* name, std::vector<reinstate::key_id>& keys,
                         const char* description);
CLI::Option* add_license_ids(CLI::App& command, const char* name, std::vector<reinstate::license_id>& licenses,
                             const char* description);

// These add nothing if the tool is built without reinstate::service.

// Which service to use; a backup needs only its key.
void add_service_choice(CLI::App& command, service_choice_options& options);

// How a restore may contact the service.
void add_service_contact(CLI::App& command, service_contact_options& options);

// The statement that an issuer signs about the licenses that are imported.
void add_statement(CLI::App& command, statement_options& options);

}  // namespace tool

#endif
