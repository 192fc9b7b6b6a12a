// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_SQLITE_HPP
#define REINSTATE_STORE_SQLITE_HPP

#include <reinstate/error.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace reinstate::sqlite {

// The error for one of SQLite's (extended) result codes. SQLite's own message is dropped: it may quote values.
errc errc_of(int code) noexcept;

// A prepared statement.
//
// Binding never fails on the spot: the first failure is kept and given by `step`. What is bound as a blob is not copied
// and must stay as it is until `reset`.
//
// Lifetime: must not outlive its database. Thread safety: one call at a time, the database's other statements included.
class statement {
 public:
  statement& bind(int parameter, std::int64_t value) noexcept;
  statement& bind(int parameter, std::span<const std::byte> value) noexcept;
  statement& bind_null(int parameter) noexcept;

  // Moves on to the next row; false at the end.
  result<bool> step() noexcept;

  // Runs a statement that gives no rows, and resets it.
  result<void> run() noexcept;

  // Makes the statement ready for its next run and lets go of everything bound.
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

// A column of blobs in a table with integer keys, read straight into the caller's memory. Keeps its place in the table:
// what lies next to each other is found without a search.
//
// Lifetime: must not outlive its database, which must stay where it is. Thread safety: as a statement.
class blob_column {
 public:
  // Refers to the names. Errors show when something is read.
  blob_column(database& in, const char* table, const char* name) noexcept : in_(&in), table_(table), name_(name) {}

  // Moves to the blob with this key, and gives its size. Errors: store_damaged also where there is none.
  result<std::size_t> seek(std::int64_t key) noexcept;

  // Reads the whole blob that the last `seek` moved to.
  result<void> read(std::span<std::byte> into) noexcept;

 private:
  struct closer {
    void operator()(sqlite3_blob* handle) const noexcept { sqlite3_blob_close(handle); }
  };
  errc failed(int code) noexcept;

  database* in_;
  const char* table_;
  const char* name_;
  std::unique_ptr<sqlite3_blob, closer> handle_;
};

// A connection to a database file. A transaction still open when it is destroyed is rolled back.
// Thread safety: one call at a time, from any thread.
class database {
 public:
  // Opens a file that exists and trusts nothing in its schema: no triggers, no views, no functions.
  // Errors: store_not_accessible, out_of_memory. Whether it is a database shows at the first statement.
  static result<database> open(const std::filesystem::path& file);

  // Runs one or more statements, ignoring their rows.
  result<void> execute(const char* sql) noexcept;

  // Errors: store_damaged where the tables are not those that the SQL expects.
  result<statement> prepare(const char* sql) noexcept;

  // The first column of the first row of `sql`; 0 where there is no row.
  result<std::int64_t> integer(const char* sql) noexcept;

  // Whether the file was moved or removed since it was opened.
  bool has_moved() noexcept;

  // The integer key of the row inserted last.
  std::int64_t last_place() const noexcept;

  // The most bytes that SQLite takes in one row.
  std::size_t longest_row() noexcept;

  // How long to wait for another connection's lock before giving up with store_busy. 0: not at all.
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
// Lifetime: must not outlive its database, which must stay where it is.
class transaction {
 public:
  // A consistent view of the database, from the first statement that reads on.
  static result<transaction> begin_read(database& in) noexcept;

  // The one writer's transaction. Errors: store_busy where another connection has it and keeps it.
  static result<transaction> begin_write(database& in) noexcept;

  // Ends the transaction, and where that fails, rolls it back.
  result<void> commit() noexcept;
  void rollback() noexcept;

 private:
  struct roll_back {
    void operator()(database* in) const noexcept { static_cast<void>(in->execute("ROLLBACK")); }
  };
  explicit transaction(database& in) noexcept : open_in_(&in) {}

  std::unique_ptr<database, roll_back> open_in_;
};

}  // namespace reinstate::sqlite

#endif
