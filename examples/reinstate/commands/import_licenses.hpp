// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_IMPORT_LICENSES_HPP
#define REINSTATE_TOOL_IMPORT_LICENSES_HPP

#include "command_line/common_options.hpp"
#include "command_line/option_sets.hpp"
#include "output/output.hpp"

#include <reinstate/license.hpp>

#include <cstddef>
#include <string>
#include <vector>

// Shared by the import commands.

namespace tool {

// Returns the content of a file, at most `max_bytes` and one more, which tells that the file is too large. "-" is
// standard input.
// Errors: path_not_found, path_not_accessible.
reinstate::result<reinstate::secret_bytes> read_import(const std::string& path, std::size_t max_bytes);

// Returns the title that was given, or else the name of the file without its extension.
std::string title_or_file_name(const std::string& title, const std::string& path);

reinstate::backup_right backup_right_of(const import_options& options);

// Puts the licenses into the store, and gives this machine its identity if it has none. Ends the command.
exit_code import_licenses(std::vector<reinstate::license> licenses, const common_options& common, output& out);

}  // namespace tool

#endif
