// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_POSIX_POSIX_FILE_HPP
#define REINSTATE_POSIX_POSIX_FILE_HPP

#include <reinstate/error.hpp>

#include <boost/system/errc.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include <sys/stat.h>

// The system calls of POSIX, with interruptions retried and short transfers continued. Errors are errno values in
// generic_category; the caller translates them.
namespace reinstate::posix {

namespace condition = boost::system::errc;

// Returns the error for an errno of a path that was to be written, or `fallback` if the path is not the reason.
error_code path_error(const error_code& ec, errc fallback) noexcept;

// Owns an open file and closes it.
class descriptor {
 public:
  descriptor() noexcept = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { static_cast<void>(close()); }

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

  // Closes the file and returns the error of the system.
  result<void> close() noexcept;

 private:
  int fd_ = -1;
};

struct regular_file {
  descriptor file;
  struct stat info {};
};

// Returns the error in errno.
error_code last_error() noexcept;

// Repeats a system call until it is not interrupted: signals of the application are no reason to fail.
template <class Call>
auto retried(Call call) noexcept {
  for (;;) {
    const auto outcome = call();
    if (outcome != -1 || errno != EINTR) return outcome;
  }
}

// Makes a system call that returns 0 or -1.
template <class Call>
result<void> attempt(Call call) noexcept {
  if (retried(call) != 0) return last_error();
  return {};
}

// Opens an existing folder. Follows links in the path, which the caller chose.
result<descriptor> open_folder(const std::filesystem::path& path) noexcept;

// Opens a folder inside `folder`, never through a link. Error for a link or a file: not_a_directory.
result<descriptor> open_folder_at(int folder, const std::string& name) noexcept;

// Opens a regular file for reading, never through a link, and without the wait that opening a FIFO takes.
// Error for anything but a regular file: operation_not_supported.
result<regular_file> open_regular_at(int folder, const std::string& name) noexcept;

inline constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

// Creates a file for writing. Error: file_exists, also for a dangling link.
result<descriptor> create_at(int folder, const std::string& name, mode_t mode = owner_only) noexcept;

result<void> write_all(int file, std::span<const std::byte> bytes) noexcept;

// Creates a file with all of `bytes`, for its owner only, and makes its content durable, but not its name. Removes the
// file if that fails. Error: file_exists.
result<void> write_new_file(int folder, const std::string& name, std::span<const std::byte> bytes) noexcept;

// Fills `buffer` and returns its size, or fewer bytes at the end of the file.
result<std::size_t> read_full(int file, std::span<std::byte> buffer) noexcept;

// Makes the content of a file durable. After an error the content is undefined, and another call may return success
// without having written it: the file is lost.
result<void> sync_file(int file) noexcept;

// Makes the names in a folder durable. File systems that do not support this (EINVAL) write them on their own.
result<void> sync_folder(int folder) noexcept;

}  // namespace reinstate::posix

#endif
