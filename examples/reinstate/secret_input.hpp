// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SECRET_INPUT_HPP
#define REINSTATE_TOOL_SECRET_INPUT_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tool {

// Fills `into` from an open file, straight, and returns how much there was; less only at the end of the file.
// Errors: path_not_accessible.
reinstate::result<std::size_t> read_into(int fd, std::span<std::byte> into);

inline std::string_view text_of(const reinstate::secret_bytes& secret) {
  return {reinterpret_cast<const char*>(secret.expose().data()), secret.size()};
}

}  // namespace tool

#endif
