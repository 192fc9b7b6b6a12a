// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SQLITE_SQLITE_FILE_HPP
#define REINSTATE_SQLITE_SQLITE_FILE_HPP

#include "sqlite/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace reinstate::sqlite {

// The properties that all database files of one kind share.
struct file_kind {
  std::int64_t application_id;  // of the program, see https://sqlite.org/pragma.html#pragma_application_id
  std::int64_t version;         // the user_version of the file; later programs write higher ones
  const char* tables;           // SQL that creates the tables and writes the two numbers
  const char* settings;         // SQL that every connection runs first
  int lock_timeout;             // milliseconds to wait for another program to finish its change
};

// Creates an empty file that only its owner can read, unless there is a file already.
// Errors: folder_not_found, not_accessible, full, failed.
result<void> create_file(const std::filesystem::path& file);

// Opens a connection to an existing file. Errors: not_accessible, failed, out_of_memory.
result<std::unique_ptr<database>> connect(const std::filesystem::path& file, const file_kind& kind);

enum class content { none, tables };

// Returns content::none for an empty file, and content::tables for one of this kind and version.
// Errors: version_unsupported; damaged also for a database of another kind, which must not be written to.
result<content> content_of(database& connection, const file_kind& kind) noexcept;

// Creates the tables, unless another program did so in the meantime.
result<void> make_tables(database& connection, const file_kind& kind) noexcept;

// Runs SQL that only improves speed. Does not wait for other connections, and ignores errors.
void try_at_once(database& connection, const char* sql, const file_kind& kind) noexcept;

}  // namespace reinstate::sqlite

#endif
