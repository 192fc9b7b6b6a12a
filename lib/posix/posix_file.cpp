// SPDX-License-Identifier: BSL-1.0
#include "posix/posix_file.hpp"

#include <boost/system/generic_category.hpp>

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace reinstate::posix {
namespace {

// The largest transfer: systems refuse or cut those beyond 2 GiB.
constexpr std::size_t max_transfer = std::size_t{1} << 30;

result<descriptor> open_at(int folder, const char* name, int flags, mode_t mode = 0) noexcept {
  const int fd = retried([&] { return ::openat(folder, name, flags | O_CLOEXEC, mode); });
  if (fd == -1) return last_error();
  return descriptor(fd);
}

// Returns true for the error of O_NOFOLLOW for a link: ELOOP by POSIX, EMLINK on FreeBSD.
bool is_link_refusal(const error_code& ec) noexcept {
  return ec == condition::too_many_symbolic_link_levels || ec == condition::too_many_links;
}

}  // namespace

error_code path_error(const error_code& ec, errc fallback) noexcept {
  switch (ec.value()) {
    case ENOENT: return errc::path_not_found;
    case ENOTDIR: return errc::path_not_a_directory;
    case EACCES:
    case EPERM: return errc::path_not_accessible;
    case EROFS: return errc::medium_read_only;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return errc::medium_full;
    case ENOMEM: return errc::out_of_memory;
    default: return fallback;
  }
}

error_code last_error() noexcept {
  return {errno, boost::system::generic_category()};
}

result<void> descriptor::close() noexcept {
  if (fd_ == -1) return {};
  // Never retried: the descriptor is closed even after EINTR, and may belong to another thread's file by now.
  if (::close(release()) == -1 && errno != EINTR) return last_error();
  return {};
}

result<descriptor> open_folder(const std::filesystem::path& path) noexcept {
  // The system would stop at a NUL and open a folder of another name.
  if (path.native().find('\0') != std::string::npos) return make_error_code(condition::no_such_file_or_directory);
  return open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
}

result<descriptor> open_folder_at(int folder, const std::string& name) noexcept {
  auto opened = open_at(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!opened && is_link_refusal(opened.error())) return make_error_code(condition::not_a_directory);
  return opened;
}

result<regular_file> open_regular_at(int folder, const std::string& name) noexcept {
  const error_code not_regular = make_error_code(condition::operation_not_supported);
  // O_NONBLOCK: opening a FIFO would wait for its writer. It has no effect on a regular file.
  auto opened = open_at(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!opened && (is_link_refusal(opened.error()) || opened.error() == condition::no_such_device_or_address))
    return not_regular;  // a link or a socket
  if (!opened) return opened.error();

  regular_file out{std::move(*opened)};
  if (::fstat(out.file.get(), &out.info) != 0) return last_error();
  if (!S_ISREG(out.info.st_mode)) return not_regular;
  return out;
}

result<descriptor> create_at(int folder, const std::string& name, mode_t mode) noexcept {
  return open_at(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

result<void> write_all(int file, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), max_transfer);
    const ssize_t written = retried([&] { return ::write(file, bytes.data(), size); });
    if (written == -1) return last_error();
    if (written == 0) return make_error_code(condition::io_error);  // would repeat for ever
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

result<void> write_new_file(int folder, const std::string& name, std::span<const std::byte> bytes) noexcept {
  auto file = create_at(folder, name);
  if (!file) return file.error();
  auto done = write_all(file->get(), bytes);
  // Before the name becomes durable: otherwise a power cut could leave an empty file of that name.
  if (done) done = sync_file(file->get());
  if (done) done = file->close();
  if (!done) static_cast<void>(::unlinkat(folder, name.c_str(), 0));
  return done;
}

result<std::size_t> read_full(int file, std::span<std::byte> buffer) noexcept {
  std::size_t filled = 0;
  while (filled != buffer.size()) {
    const std::size_t size = std::min(buffer.size() - filled, max_transfer);
    const ssize_t count = retried([&] { return ::read(file, buffer.data() + filled, size); });
    if (count == -1) return last_error();
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

result<void> sync_file(int file) noexcept {
#ifdef F_FULLFSYNC
  // On macOS fsync leaves the bytes in the cache of the drive; this writes them, if the file system supports it.
  if (retried([&] { return ::fcntl(file, F_FULLFSYNC); }) != -1) return {};
#endif
  return attempt([&] { return ::fsync(file); });
}

result<void> sync_folder(int folder) noexcept {
  const auto synced = sync_file(folder);
  if (!synced && synced.error() == condition::invalid_argument) return {};
  return synced;
}

}  // namespace reinstate::posix
