// SPDX-License-Identifier: BSL-1.0
#include "secrets/secret_output.hpp"

#include <boost/system/errc.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;

error_code last_error() {
  switch (errno) {
    case EEXIST: return make_error_code(boost::system::errc::file_exists);
    case ENOENT: return errc::path_not_found;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return errc::medium_full;
    case EIO: return errc::medium_failed;
    default: return errc::path_not_accessible;
  }
}

bool write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Makes the name of a new file durable, if the file system supports that.
bool sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool is_done = ::fsync(fd) == 0 || errno == EINVAL;
  ::close(fd);
  return is_done;
}

}  // namespace

reinstate::result<void> write_new_file(const std::filesystem::path& file, const reinstate::secret_bytes& content) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return last_error();
  error_code failure;
  if (!write_all(fd, content.expose()) || ::fsync(fd) != 0) failure = last_error();
  if (::close(fd) != 0 && !failure) failure = last_error();
  if (!failure && !sync_folder(file.parent_path())) failure = last_error();
  if (!failure) return {};
  ::unlink(file.c_str());
  return failure;
}

}  // namespace tool
