// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_LEDGER_FILE_HPP
#define REINSTATE_TOOL_LEDGER_FILE_HPP

#include "output/error_subject.hpp"

#include <reinstate/service/ledger.hpp>

#include <CLI/CLI.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>

// Shared by the commands that use the ledger of a service.

namespace tool {

// --ledger.
void add_ledger_option(CLI::App& command, std::filesystem::path& ledger);

// An argument that is an Ed25519 public key, or the id of a machine.
void add_public_key_argument(CLI::App& command, const char* name, std::array<std::byte, 32>& key,
                             const char* description);

// Opens an existing ledger. Errors: path_not_found, as a mistyped name must not look like an empty ledger, and those of
// open_sqlite_ledger.
reinstate::result<std::unique_ptr<reinstate::ledger>> open_existing_ledger(const std::filesystem::path& file);

error_location ledger_location(const std::filesystem::path& file);

}  // namespace tool

#endif
