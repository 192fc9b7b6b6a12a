// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_DATABASE_HPP
#define REINSTATE_BENCH_DATABASE_HPP

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

// As little of SQLite as a program without reinstate would use. For measurements only: what goes wrong is thrown.
namespace bench {

inline constexpr const char* licenses_table =
    "CREATE TABLE licenses (id BLOB PRIMARY KEY, metadata BLOB NOT NULL, payload BLOB NOT NULL)";

inline void check(int code, sqlite3* in) {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(in));
}

class statement {
 public:
  statement(sqlite3* in, const char* text) : in_(in) { check(sqlite3_prepare_v2(in, text, -1, &handle_, nullptr), in); }
  ~statement() { sqlite3_finalize(handle_); }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  // The bytes stay where they are until `run`.
  statement& bind(int column, std::span<const std::byte> bytes) {
    check(sqlite3_bind_blob64(handle_, column, bytes.data(), bytes.size(), SQLITE_STATIC), in_);
    return *this;
  }

  bool step() {
    const int code = sqlite3_step(handle_);
    check(code, in_);
    return code == SQLITE_ROW;
  }

  void run() {
    step();
    check(sqlite3_reset(handle_), in_);
  }

  std::span<const std::byte> blob(int column) const {
    const void* const data = sqlite3_column_blob(handle_, column);
    return {static_cast<const std::byte*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
  }

 private:
  sqlite3* in_;
  sqlite3_stmt* handle_ = nullptr;
};

class database {
 public:
  explicit database(const std::filesystem::path& file) { check(sqlite3_open(file.c_str(), &handle_), handle_); }
  ~database() { sqlite3_close(handle_); }
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  void execute(const std::string& text) {
    check(sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr), handle_);
  }
  statement prepare(const char* text) { return {handle_, text}; }

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace bench

#endif
