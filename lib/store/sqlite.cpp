// SPDX-License-Identifier: BSL-1.0
#include "sqlite.hpp"

#include <string>
#include <utility>

namespace reinstate::sqlite {

errc errc_of(int code) noexcept {
  if (code == SQLITE_IOERR_NOMEM) return errc::out_of_memory;
  switch (code & 0xff) {  // the low byte of an extended code is the kind of error
    case SQLITE_NOMEM: return errc::out_of_memory;
    case SQLITE_FULL: return errc::store_full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:  // lost the race for a lock of the write-ahead log too often
      return errc::store_busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT: return errc::store_damaged;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: return errc::store_not_accessible;
    case SQLITE_TOOBIG: return errc::license_too_large;
    default: return errc::store_failed;
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
  // A null pointer would bind NULL, where an empty blob is meant.
  const void* start = value.empty() ? "" : static_cast<const void*>(value.data());
  return keep_failure(sqlite3_bind_blob64(handle_.get(), parameter, start, value.size(), SQLITE_STATIC));
}

statement& statement::bind_null(int parameter) noexcept {
  return keep_failure(sqlite3_bind_null(handle_.get(), parameter));
}

result<bool> statement::step() noexcept {
  if (failure_ != SQLITE_OK) return errc_of(failure_);
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return errc_of(sqlite3_extended_errcode(sqlite3_db_handle(handle_.get())));
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
  const void* start = sqlite3_column_blob(handle_.get(), column);  // before its size, as SQLite demands
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const std::byte*>(start), start == nullptr ? 0 : static_cast<std::size_t>(size)};
}

// --- blob_column ---

// After an error SQLite's handle is good for nothing more.
errc blob_column::failed(int code) noexcept {
  handle_.reset();
  return code == SQLITE_ERROR ? errc::store_damaged : errc_of(code);
}

result<std::size_t> blob_column::seek(std::int64_t key) noexcept {
  int code = SQLITE_OK;
  if (handle_) {
    code = sqlite3_blob_reopen(handle_.get(), key);
  } else {
    sqlite3_blob* opened = nullptr;
    code = sqlite3_blob_open(in_->handle_.get(), "main", table_, name_, key, 0, &opened);
    handle_.reset(opened);
  }
  if (code != SQLITE_OK) return failed(code);
  return static_cast<std::size_t>(sqlite3_blob_bytes(handle_.get()));
}

result<void> blob_column::read(std::span<std::byte> into) noexcept {
  const int code = sqlite3_blob_read(handle_.get(), into.data(), static_cast<int>(into.size()), 0);
  if (code != SQLITE_OK) return failed(code);
  return {};
}

// --- database ---

namespace {

// Nothing in the file may make SQLite do more than read and write our two tables. [sqlite.org/security.html]
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
  // Without a mutex per connection: whoever owns one keeps others from it.
  int code = sqlite3_open_v2(reinterpret_cast<const char*>(name.c_str()), &handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  database opened(handle);  // SQLite gives a handle to close also where opening failed
  if (code == SQLITE_OK) code = distrust_schema(handle);
  if (code != SQLITE_OK) return errc_of(code);
  return opened;
}

result<void> database::execute(const char* sql) noexcept {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return errc_of(code);
  return {};
}

result<statement> database::prepare(const char* sql) noexcept {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  // The SQL is ours and constant: where it does not compile, a table or column is missing.
  if (code == SQLITE_ERROR) return errc::store_damaged;
  if (code != SQLITE_OK) return errc_of(code);
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

std::int64_t database::last_place() const noexcept {
  return sqlite3_last_insert_rowid(handle_.get());
}

std::size_t database::longest_row() noexcept {
  return static_cast<std::size_t>(sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, -1));
}

void database::wait_for_locks(int milliseconds) noexcept {
  sqlite3_busy_timeout(handle_.get(), milliseconds);
}

// --- transaction ---

result<transaction> transaction::begin_read(database& in) noexcept {
  if (auto begun = in.execute("BEGIN"); !begun) return begun.error();
  return transaction(in);
}

result<transaction> transaction::begin_write(database& in) noexcept {
  if (auto begun = in.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  return transaction(in);
}

result<void> transaction::commit() noexcept {
  auto committed = open_in_->execute("COMMIT");
  if (!committed) {
    rollback();
    return committed.error();
  }
  static_cast<void>(open_in_.release());
  return {};
}

void transaction::rollback() noexcept {
  open_in_.reset();
}

}  // namespace reinstate::sqlite
