// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_DATA_FOLDER_HPP
#define REINSTATE_PLUGINS_DATA_FOLDER_HPP

#include <reinstate/error.hpp>

#include <filesystem>

namespace reinstate {

// Where programs of one user share licenses and identity when nobody says otherwise:
// $XDG_DATA_HOME/reinstate, or ~/.local/share/reinstate. [XDG Base Directory Specification]
std::filesystem::path user_data_folder();

inline constexpr const char* license_store_file_name = "licenses.db";
inline constexpr const char* machine_identity_file_name = "machine.key";

// Creates a folder for its owner only, and the folders above it, where it does not exist.
// Errors: path_not_a_directory, path_not_found, path_not_accessible, medium_read_only, medium_full.
result<void> create_private_folder(const std::filesystem::path& folder);

}  // namespace reinstate

#endif
