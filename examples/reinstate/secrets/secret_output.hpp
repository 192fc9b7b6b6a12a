// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SECRET_OUTPUT_HPP
#define REINSTATE_TOOL_SECRET_OUTPUT_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <filesystem>

namespace tool {

// Writes a new file that only its owner can read, and makes it durable. Never replaces a file. If this fails, it leaves
// no file behind.
// Errors: std::errc::file_exists, path_not_found, path_not_accessible, medium_full, medium_failed.
reinstate::result<void> write_new_file(const std::filesystem::path& file, const reinstate::secret_bytes& content);

}  // namespace tool

#endif
