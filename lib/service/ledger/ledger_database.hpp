// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP
#define REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP

#include "sqlite/sqlite.hpp"

#include <reinstate/error.hpp>

#include <filesystem>
#include <memory>

// The database of a ledger: its file, its tables and its settings. Why they are as they are: docs/adr/0006-ledger.md.

namespace reinstate::service {

// Translates an error of the database to the ledger's own. Throws std::bad_alloc for out_of_memory.
errc ledger_error(sqlite::error error);

// Creates the file and its tables if they are missing. Leaves a file alone that is not a ledger of this version:
// damaged, version_unsupported.
sqlite::result<void> prepare_ledger_file(const std::filesystem::path& file);

// Opens a connection to a file that was prepared.
sqlite::result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file);

}  // namespace reinstate::service

#endif
