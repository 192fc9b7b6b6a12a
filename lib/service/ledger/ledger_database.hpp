// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP
#define REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP

#include "sqlite/sqlite.hpp"

#include <filesystem>
#include <memory>

// The database of a ledger: its file, tables and settings. docs/adr/0006-ledger.md explains their design.

namespace reinstate::service {

// Maps an error of the database to one of a ledger. Throws std::bad_alloc if memory ran out.
error_code ledger_error(const error_code& ec);

// Creates the file and its tables if they are missing. Does not change a file that is not a ledger of this version.
// Errors: those of the database, ledger_damaged, ledger_version_unsupported.
result<void> prepare_ledger_file(const std::filesystem::path& file);

// Connects to a file that was prepared.
result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file);

}  // namespace reinstate::service

#endif
