// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_SQLITE_FILE_HPP
#define REINSTATE_STORE_SQLITE_FILE_HPP

#include "sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace reinstate::sqlite {

// What all database files of one kind have in common.
struct file_kind {
  std::int64_t application_id;  // who wrote it, see https://sqlite.org/pragma.html#pragma_application_id
  std::int64_t version;         // its user_version; those of later programs are higher
  const char* tables;           // makes them, and writes the two numbers
  const char* settings;         // of every connection
  int patience;                 // milliseconds to wait for another program to finish its change
  errc damaged;                 // what a file is that is of no such kind
  errc version_unsupported;     // ... or of a later program
};

// Creates an empty file that only its owner can read, where there is no file yet.
// Errors: path_not_found (the folder), store_not_accessible, store_full, store_failed.
result<void> create_file(const std::filesystem::path& file);

// Opens a connection to a file that exists. Errors: store_not_accessible, store_failed, out_of_memory.
result<std::unique_ptr<database>> connect(const std::filesystem::path& file, const file_kind& kind);

enum class content { nothing, tables };

// Errors: `damaged` also for somebody else's database, which is not ours to write into; `version_unsupported`.
result<content> content_of(database& in, const file_kind& kind) noexcept;

// Makes the tables, unless another program was faster.
result<void> make_tables(database& in, const file_kind& kind) noexcept;

// Runs what is for speed only, and not worth waiting for another connection.
void try_at_once(database& in, const char* sql, const file_kind& kind) noexcept;

}  // namespace reinstate::sqlite

#endif
