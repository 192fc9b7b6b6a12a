// SPDX-License-Identifier: BSL-1.0
#include "store/write_back.hpp"

#ifdef __linux__
#include <cstdlib>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#endif

namespace reinstate::store {

#ifdef __linux__
namespace {

bool refers_to(int descriptor, const struct stat& file) noexcept {
  struct stat info {};
  return ::fstat(descriptor, &info) == 0 && info.st_dev == file.st_dev && info.st_ino == file.st_ino;
}

// Returns a descriptor of this process that refers to the file, or -1.
int descriptor_of(const struct stat& file) noexcept {
  struct closer {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, closer> open(::opendir("/proc/self/fd"));
  if (!open) return -1;
  while (const dirent* entry = ::readdir(open.get())) {
    const int descriptor = std::atoi(entry->d_name);
    if (descriptor > 2 && refers_to(descriptor, file)) return descriptor;
  }
  return -1;
}

}  // namespace

void write_back::count_written(std::size_t bytes) noexcept {
  constexpr std::size_t piece = std::size_t{8} << 20;
  waiting_ += bytes;
  if (waiting_ < piece) return;
  waiting_ = 0;
  struct stat file {};
  if (::stat(file_.c_str(), &file) != 0) return;
  if (!refers_to(descriptor_, file)) descriptor_ = descriptor_of(file);
  // Harmless for any file the descriptor may refer to by now. Ignores errors: fsync reports them.
  static_cast<void>(::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE));
}
#else
void write_back::count_written(std::size_t) noexcept {
}
#endif

}  // namespace reinstate::store
