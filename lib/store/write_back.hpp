// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_WRITE_BACK_HPP
#define REINSTATE_STORE_WRITE_BACK_HPP

#include <cstddef>
#include <filesystem>
#include <utility>

namespace reinstate::store {

// Makes the system begin to write a file that SQLite fills, so that the fsync of the commit has little left to wait
// for. For speed only: does nothing if it is not possible.
//
// Uses a descriptor that SQLite has open: opening and closing the file here would release SQLite's locks.
// [sqlite.org/howtocorrupt.html, 2.2]
//
// Thread safety: one call at a time.
class write_back {
 public:
  explicit write_back(std::filesystem::path file) noexcept : file_(std::move(file)) {}

  // Counts bytes that were given to SQLite, and starts a write for every 8 MiB.
  void count_written(std::size_t bytes) noexcept;

 private:
  std::filesystem::path file_;
  std::size_t waiting_ = 0;
  int descriptor_ = -1;  // of SQLite, as found last
};

}  // namespace reinstate::store

#endif
