// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_WRITE_BACK_HPP
#define REINSTATE_STORE_WRITE_BACK_HPP

#include <cstddef>
#include <filesystem>
#include <utility>

namespace reinstate::store {

// Has the system begin to write a file that SQLite fills, so that the fsync of the commit has little left to wait for.
// For speed only: where it is not possible, nothing happens.
//
// Uses a descriptor that SQLite has open: opening and closing the file here would take SQLite's locks away.
// [sqlite.org/howtocorrupt.html, 2.2]
//
// Thread safety: one call at a time.
class write_back {
 public:
  explicit write_back(std::filesystem::path file) noexcept : file_(std::move(file)) {}

  // Says that so many more bytes were given to SQLite.
  void wrote(std::size_t bytes) noexcept;

 private:
  std::filesystem::path file_;
  std::size_t waiting_ = 0;
  int descriptor_ = -1;  // of SQLite, as it was when last used
};

}  // namespace reinstate::store

#endif
