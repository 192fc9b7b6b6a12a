// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_DATA_FOLDER_HPP
#define REINSTATE_PLUGINS_DATA_FOLDER_HPP

#include <reinstate/error.hpp>

#include <filesystem>

namespace reinstate {

// Returns the folder in which the programs of one user share licenses and identity by default:
// $XDG_DATA_HOME/reinstate, or ~/.local/share/reinstate. [XDG Base Directory Specification]
std::filesystem::path user_data_folder();

// Names of the files in that folder.
inline constexpr const char* license_store_file_name = "licenses.db";
inline constexpr const char* machine_identity_file_name = "machine.key";

// Creates a folder that only its owner can access, and the folders above it. Does nothing if it exists.
// Errors: path_not_a_directory, path_not_found, path_not_accessible, medium_read_only, medium_full.
result<void> create_private_folder(const std::filesystem::path& folder);

}  // namespace reinstate

#endif
