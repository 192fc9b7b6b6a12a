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
// generic_category; whoever calls these says what they mean.
namespace reinstate::posix {

namespace condition = boost::system::errc;

// What an errno means to somebody who gave a path to write at; `otherwise` where it is no matter of the path.
error_code path_error(const error_code& ec, errc otherwise) noexcept;

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

  // Closes now, to hear what the system has to say about it.
  result<void> close() noexcept;

 private:
  int fd_ = -1;
};

struct regular_file {
  descriptor file;
  struct stat info {};
};

// The error in errno.
error_code last_error() noexcept;

// Makes a system call until it is not interrupted: signals that belong to the player are no reason to fail.
template <class Call>
auto retried(Call call) noexcept {
  for (;;) {
    const auto outcome = call();
    if (outcome != -1 || errno != EINTR) return outcome;
  }
}

// Makes a call that answers 0 or -1.
template <class Call>
result<void> attempt(Call call) noexcept {
  if (retried(call) != 0) return last_error();
  return {};
}

// Opens a folder that exists. Links on the way to it are followed: whoever named the path meant them.
result<descriptor> open_folder(const std::filesystem::path& path) noexcept;

// Opens a folder inside `folder`, never through a link. Error where a link or a file is in its place: not_a_directory.
result<descriptor> open_folder_at(int folder, const std::string& name) noexcept;

// Opens a regular file for reading, never through a link, and never waiting as a FIFO would make one.
// Error where anything but a regular file has the name: operation_not_supported.
result<regular_file> open_regular_at(int folder, const std::string& name) noexcept;

inline constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

// Creates a file for writing. Error: file_exists, also for a link that leads nowhere.
result<descriptor> create_at(int folder, const std::string& name, mode_t mode = owner_only) noexcept;

result<void> write_all(int file, std::span<const std::byte> bytes) noexcept;

// Creates a file with all of `bytes`, for its owner only, and makes its content durable; its name is not durable yet.
// Leaves nothing behind where that fails. Error: file_exists.
result<void> write_new_file(int folder, const std::string& name, std::span<const std::byte> bytes) noexcept;

// Fills `into` and returns its size; fewer bytes only at the end of the file.
result<std::size_t> read_full(int file, std::span<std::byte> into) noexcept;

// Makes the content of a file durable. After an error nobody knows which bytes are on the disk, and asking again may
// answer success without them: the file is lost.
result<void> sync_file(int file) noexcept;

// Makes the names in a folder durable, where the file system knows how to: those that do not answer EINVAL write them
// on their own.
result<void> sync_folder(int folder) noexcept;

}  // namespace reinstate::posix

#endif
