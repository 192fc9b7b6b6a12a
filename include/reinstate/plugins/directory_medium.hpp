// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_DIRECTORY_MEDIUM_HPP
#define REINSTATE_PLUGINS_DIRECTORY_MEDIUM_HPP

#include <reinstate/backup_medium.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// A folder that exists: on a stick, a disk, a network drive.
//
// Guarantees: never leaves the folder (no links are followed, only regular files are opened), never overwrites, and a
// finished file survives a power cut as far as the system's fsync keeps its word.
//
// Errors: path_not_found, path_not_a_directory, path_not_accessible.
result<std::unique_ptr<backup_medium>> open_directory_medium(const std::filesystem::path& folder);

// The medium_factory for folders; paths are UTF-8.
medium_factory directory_medium_factory();

}  // namespace reinstate

#endif
