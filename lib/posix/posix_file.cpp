// SPDX-License-Identifier: BSL-1.0
#include "posix/posix_file.hpp"

#include <boost/system/generic_category.hpp>

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace reinstate::posix {
namespace {

// One transfer never asks for more: systems refuse or cut what passes 2 GiB.
constexpr std::size_t largest_transfer = std::size_t{1} << 30;

result<descriptor> open_at(int folder, const char* name, int flags, mode_t mode = 0) noexcept {
  const int fd = retried([&] { return ::openat(folder, name, flags | O_CLOEXEC, mode); });
  if (fd == -1) return last_error();
  return descriptor(fd);
}

// What O_NOFOLLOW answers for a link: ELOOP by POSIX, EMLINK on FreeBSD.
bool is_link_refusal(const error_code& ec) noexcept {
  return ec == condition::too_many_symbolic_link_levels || ec == condition::too_many_links;
}

}  // namespace

error_code path_error(const error_code& ec, errc otherwise) noexcept {
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
    default: return otherwise;
  }
}

error_code last_error() noexcept {
  return {errno, boost::system::generic_category()};
}

result<void> descriptor::close() noexcept {
  if (fd_ == -1) return {};
  // Never retried: the number is free after EINTR already, and may belong to another thread's file by now.
  if (::close(release()) == -1 && errno != EINTR) return last_error();
  return {};
}

result<descriptor> open_folder(const std::filesystem::path& path) noexcept {
  // The system would stop at a NUL and open another folder than was named.
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
  // O_NONBLOCK: opening a FIFO would otherwise wait for its writer, for ever. It changes nothing for a regular file.
  auto opened = open_at(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!opened && (is_link_refusal(opened.error()) || opened.error() == condition::no_such_device_or_address))
    return not_regular;  // a link; a socket
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
    const std::size_t size = std::min(bytes.size(), largest_transfer);
    const ssize_t written = retried([&] { return ::write(file, bytes.data(), size); });
    if (written == -1) return last_error();
    if (written == 0) return make_error_code(condition::io_error);  // would go on for ever
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

result<void> write_new_file(int folder, const std::string& name, std::span<const std::byte> bytes) noexcept {
  auto file = create_at(folder, name);
  if (!file) return file.error();
  auto done = write_all(file->get(), bytes);
  // Before the name it is known by becomes durable: otherwise a power cut could leave that name with nothing in it.
  if (done) done = sync_file(file->get());
  if (done) done = file->close();
  if (!done) static_cast<void>(::unlinkat(folder, name.c_str(), 0));
  return done;
}

result<std::size_t> read_full(int file, std::span<std::byte> into) noexcept {
  std::size_t filled = 0;
  while (filled != into.size()) {
    const std::size_t size = std::min(into.size() - filled, largest_transfer);
    const ssize_t got = retried([&] { return ::read(file, into.data() + filled, size); });
    if (got == -1) return last_error();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

result<void> sync_file(int file) noexcept {
#ifdef F_FULLFSYNC
  // On macOS fsync leaves the bytes in the cache of the drive; this does not, on the file systems that have it.
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
