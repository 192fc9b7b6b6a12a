// SPDX-License-Identifier: BSL-1.0
#include "sqlite/sqlite.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace reinstate::sqlite {

void throw_exception_from_error(error code, const boost::source_location& location) {
  boost::throw_exception(std::runtime_error("SQLite error " + std::to_string(static_cast<int>(code))), location);
}

error error_of(int code) noexcept {
  if (code == SQLITE_IOERR_NOMEM) return error::out_of_memory;
  switch (code & 0xff) {  // the low byte of an extended code is the kind of error
    case SQLITE_NOMEM: return error::out_of_memory;
    case SQLITE_FULL: return error::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:  // lost the race for a lock of the write-ahead log too often
      return error::busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT: return error::damaged;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: return error::not_accessible;
    case SQLITE_TOOBIG: return error::too_large;
    default: return error::failed;
  }
}

// --- statement ---

statement& statement::keep_failure(int code) noexcept {
  if (failure_ == SQLITE_OK) failure_ = code;
  return *this;
}

statement& statement::bind(int parameter, std::int64_t value) noexcept {
  return keep_failure(sqlite3_bind_int64(handle_.get(), parameter, value));
}

statement& statement::bind(int parameter, std::span<const std::byte> value) noexcept {
  // Not a null pointer, which would bind NULL instead of an empty blob.
  const void* start = value.empty() ? "" : static_cast<const void*>(value.data());
  return keep_failure(sqlite3_bind_blob64(handle_.get(), parameter, start, value.size(), SQLITE_STATIC));
}

statement& statement::bind_null(int parameter) noexcept {
  return keep_failure(sqlite3_bind_null(handle_.get(), parameter));
}

result<bool> statement::step() noexcept {
  if (failure_ != SQLITE_OK) return error_of(failure_);
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(sqlite3_extended_errcode(sqlite3_db_handle(handle_.get())));
}

result<void> statement::run() noexcept {
  const auto outcome = step();
  reset();
  if (!outcome) return outcome.error();
  return {};
}

void statement::reset() noexcept {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  failure_ = SQLITE_OK;
}

bool statement::is_null(int column) const noexcept {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t statement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

std::span<const std::byte> statement::blob(int column) const noexcept {
  const void* start = sqlite3_column_blob(handle_.get(), column);  // before its size, as SQLite requires
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const std::byte*>(start), start == nullptr ? 0 : static_cast<std::size_t>(size)};
}

// --- blob_column ---

// Closes the handle, which SQLite makes unusable when a call fails with `code`.
error blob_column::close_after(int code) noexcept {
  handle_.reset();
  return code == SQLITE_ERROR ? error::damaged : error_of(code);
}

result<std::size_t> blob_column::seek(std::int64_t key) noexcept {
  int code = SQLITE_OK;
  if (handle_) {
    code = sqlite3_blob_reopen(handle_.get(), key);
  } else {
    sqlite3_blob* opened = nullptr;
    code = sqlite3_blob_open(database_->handle_.get(), "main", table_, name_, key, 0, &opened);
    handle_.reset(opened);
  }
  if (code != SQLITE_OK) return close_after(code);
  return static_cast<std::size_t>(sqlite3_blob_bytes(handle_.get()));
}

result<void> blob_column::read(std::span<std::byte> destination) noexcept {
  const int code = sqlite3_blob_read(handle_.get(), destination.data(), static_cast<int>(destination.size()), 0);
  if (code != SQLITE_OK) return close_after(code);
  return {};
}

// --- database ---

namespace {

// Keeps the schema of the file from running code: SQLite only reads and writes tables. [sqlite.org/security.html]
int distrust_schema(sqlite3* handle) noexcept {
  const std::pair<int, int> settings[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
  };
  for (const auto& [setting, value] : settings)
    if (const int code = sqlite3_db_config(handle, setting, value, nullptr); code != SQLITE_OK) return code;
  return SQLITE_OK;
}

}  // namespace

result<database> database::open(const std::filesystem::path& file) {
  const std::u8string name = file.u8string();
  sqlite3* handle = nullptr;
  // Without a mutex per connection: the owner of a connection serializes its calls.
  int code = sqlite3_open_v2(reinterpret_cast<const char*>(name.c_str()), &handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database opened(handle);  // SQLite returns a handle to close even if opening failed
  if (code == SQLITE_OK) code = distrust_schema(handle);
  if (code != SQLITE_OK) return error_of(code);
  return opened;
}

result<void> database::execute(const char* sql) noexcept {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return {};
}

result<statement> database::prepare(const char* sql) noexcept {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  // The SQL is constant and correct: if it does not compile, a table or column is missing.
  if (code == SQLITE_ERROR) return error::damaged;
  if (code != SQLITE_OK) return error_of(code);
  return statement(handle);
}

result<std::int64_t> database::integer(const char* sql) noexcept {
  auto query = prepare(sql);
  if (!query) return query.error();
  const auto row = query->step();
  if (!row) return row.error();
  return *row ? query->integer(0) : 0;
}

bool database::has_moved() noexcept {
  int moved = 0;
  return sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

std::int64_t database::last_inserted_key() const noexcept {
  return sqlite3_last_insert_rowid(handle_.get());
}

std::size_t database::max_row_size() noexcept {
  return static_cast<std::size_t>(sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, -1));
}

void database::wait_for_locks(int milliseconds) noexcept {
  sqlite3_busy_timeout(handle_.get(), milliseconds);
}

// --- transaction ---

result<transaction> transaction::begin_read(database& connection) noexcept {
  if (auto begun = connection.execute("BEGIN"); !begun) return begun.error();
  return transaction(connection);
}

result<transaction> transaction::begin_write(database& connection) noexcept {
  if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  return transaction(connection);
}

result<void> transaction::commit() noexcept {
  auto committed = database_->execute("COMMIT");
  if (!committed) {
    rollback();
    return committed.error();
  }
  static_cast<void>(database_.release());
  return {};
}

void transaction::rollback() noexcept {
  database_.reset();
}

}  // namespace reinstate::sqlite
