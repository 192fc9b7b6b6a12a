// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP
#define REINSTATE_SERVICE_LEDGER_LEDGER_DATABASE_HPP

#include "sqlite/sqlite.hpp"

#include <filesystem>
#include <memory>

// The database of a ledger: its file, its tables and its settings. Why they are as they are: docs/adr/0006-ledger.md.

namespace reinstate::service {

// What an error of a database means to whoever uses a ledger. Throws std::bad_alloc where that is what happened.
error_code ledger_error(const error_code& ec);

// Makes the file and its tables where they are missing. Leaves alone what is not a ledger of this version:
// ledger_damaged, ledger_version_unsupported.
result<void> prepare_ledger_file(const std::filesystem::path& file);

// A connection to a file that was prepared.
result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file);

}  // namespace reinstate::service

#endif
