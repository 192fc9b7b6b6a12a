// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_DIRECTORY_MEDIUM_HPP
#define REINSTATE_PLUGINS_DIRECTORY_MEDIUM_HPP

#include <reinstate/backup_medium.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// Opens an existing folder as a medium: on a stick, a disk or a network drive.
//
// Guarantees: never leaves the folder (follows no links, opens only regular files), never overwrites a file, and a
// finished file survives a power failure as far as the system's fsync is reliable.
//
// Errors: path_not_found, path_not_a_directory, path_not_accessible.
result<std::unique_ptr<backup_medium>> open_directory_medium(const std::filesystem::path& folder);

// Returns the medium_factory for folders. Paths are UTF-8.
medium_factory directory_medium_factory();

}  // namespace reinstate

#endif
