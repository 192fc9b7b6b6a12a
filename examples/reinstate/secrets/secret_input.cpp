// SPDX-License-Identifier: BSL-1.0
#include "secrets/secret_input.hpp"

#include <unistd.h>

#include <cerrno>

namespace tool {

reinstate::result<std::size_t> read_into(int fd, std::span<std::byte> buffer) {
  std::size_t size = 0;
  while (size != buffer.size()) {
    const ssize_t got = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return reinstate::errc::path_not_accessible;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

}  // namespace tool
