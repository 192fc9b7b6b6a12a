// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SQLITE_SQLITE_HPP
#define REINSTATE_SQLITE_SQLITE_HPP

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

// A thin wrapper of SQLite, for the license store and the ledger of the service. It has errors of its own, which each
// of its users translates to those of its interface.
namespace reinstate::sqlite {

enum class error {
  busy,                 // another connection holds a lock
  full,                 // the disk, or the quota of the user
  damaged,              // not a database, or not one with the expected tables
  version_unsupported,  // written by a later version of the program
  folder_not_found,     // the folder of the file
  not_accessible,       // cannot be opened or may not be written
  too_large,            // a value for SQLite
  out_of_memory,
  failed,  // all others, I/O errors among them
};

template <class T>
using result = boost::system::result<T, error>;

// Throws std::runtime_error. Called by result::value().
[[noreturn]] void throw_exception_from_error(error code, const boost::source_location& location);

// Returns the error for a result code of SQLite, extended or not. SQLite's own message is dropped: it may quote values.
error error_of(int code) noexcept;

// A prepared statement.
//
// Binding reports no error: the first failure is kept and returned by `step`. A blob is bound without a copy and must
// stay unchanged until `reset`.
//
// Lifetime: must not outlive its database. Thread safety: one call at a time, the database's other statements included.
class statement {
 public:
  statement& bind(int parameter, std::int64_t value) noexcept;
  statement& bind(int parameter, std::span<const std::byte> value) noexcept;
  statement& bind_null(int parameter) noexcept;

  // Moves to the next row. Returns false at the end.
  result<bool> step() noexcept;

  // Runs a statement that returns no rows, and resets it.
  result<void> run() noexcept;

  // Makes the statement ready for its next run and clears its bindings.
  void reset() noexcept;

  // Columns of the current row, counted from 0. A blob is valid until the next step or reset.
  bool is_null(int column) const noexcept;
  std::int64_t integer(int column) const noexcept;
  std::span<const std::byte> blob(int column) const noexcept;

 private:
  friend class database;
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  explicit statement(sqlite3_stmt* handle) noexcept : handle_(handle) {}
  statement& keep_failure(int code) noexcept;

  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
  int failure_ = SQLITE_OK;
};

class database;

// A column of blobs in a table with integer keys, read straight into the caller's memory. Keeps its position in the
// table: adjacent rows are found without a search.
//
// Lifetime: must not outlive its database, which must not be moved. Thread safety: as a statement.
class blob_column {
 public:
  // Keeps pointers to the names. Errors are reported by the first read.
  blob_column(database& connection, const char* table, const char* name) noexcept
      : database_(&connection), table_(table), name_(name) {}

  // Moves to the blob of the row with this key and returns its size. Errors: error::damaged also if there is no such
  // row.
  result<std::size_t> seek(std::int64_t key) noexcept;

  // Reads the whole blob that the last `seek` moved to.
  result<void> read(std::span<std::byte> destination) noexcept;

 private:
  struct closer {
    void operator()(sqlite3_blob* handle) const noexcept { sqlite3_blob_close(handle); }
  };
  error close_after(int code) noexcept;

  database* database_;
  const char* table_;
  const char* name_;
  std::unique_ptr<sqlite3_blob, closer> handle_;
};

// A connection to a database file. A transaction still open when it is destroyed is rolled back.
// Thread safety: one call at a time, from any thread.
class database {
 public:
  // Opens an existing file and trusts nothing in its schema: no triggers, no views, no functions.
  // Errors: not_accessible, failed, out_of_memory. A file that is not a database is found by the first statement.
  static result<database> open(const std::filesystem::path& file);

  // Runs one or more statements and ignores their rows.
  result<void> execute(const char* sql) noexcept;

  // Errors: error::damaged if a table or column of the SQL is missing.
  result<statement> prepare(const char* sql) noexcept;

  // Returns the first column of the first row of `sql`, or 0 if there is no row.
  result<std::int64_t> integer(const char* sql) noexcept;

  // Returns true if the file was moved or removed since it was opened.
  bool has_moved() noexcept;

  // Returns the integer key of the row inserted last.
  std::int64_t last_inserted_key() const noexcept;

  // Returns the most bytes that SQLite accepts in one row.
  std::size_t max_row_size() noexcept;

  // Sets the time to wait for another connection's lock before failing with error::busy. 0: no wait.
  void wait_for_locks(int milliseconds) noexcept;

 private:
  friend class blob_column;
  struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  explicit database(sqlite3* handle) noexcept : handle_(handle) {}

  std::unique_ptr<sqlite3, closer> handle_;
};

// A transaction, rolled back unless committed.
// Lifetime: must not outlive its database, which must not be moved.
class transaction {
 public:
  // Begins a consistent view of the database, taken by the first statement that reads.
  static result<transaction> begin_read(database& connection) noexcept;

  // Begins the transaction of the only writer. Errors: error::busy if another connection keeps the lock.
  static result<transaction> begin_write(database& connection) noexcept;

  // Ends the transaction; rolls it back if that fails.
  result<void> commit() noexcept;
  void rollback() noexcept;

 private:
  struct rollback_deleter {
    void operator()(database* connection) const noexcept { static_cast<void>(connection->execute("ROLLBACK")); }
  };
  explicit transaction(database& connection) noexcept : database_(&connection) {}

  std::unique_ptr<database, rollback_deleter> database_;  // null once the transaction is over
};

}  // namespace reinstate::sqlite

#endif
