// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SECRET_INPUT_HPP
#define REINSTATE_TOOL_SECRET_INPUT_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tool {

// Reads from an open file into `buffer`, without another copy. Returns the number of bytes; it is less than the size of
// the buffer only at the end of the file.
// Errors: path_not_accessible.
reinstate::result<std::size_t> read_into(int fd, std::span<std::byte> buffer);

// Returns a view of the secret; it must not outlive the secret.
inline std::string_view text_of(const reinstate::secret_bytes& secret) {
  return {reinterpret_cast<const char*>(secret.expose().data()), secret.size()};
}

}  // namespace tool

#endif
