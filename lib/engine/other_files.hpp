// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OTHER_FILES_HPP
#define REINSTATE_ENGINE_OTHER_FILES_HPP

#include "archive_manifest.hpp"

#include <reinstate/backup_medium.hpp>

#include <string>
#include <vector>

namespace reinstate::engine {

// Checks the files a restore can do without, if it has the keys: the slots and README.txt; and that the volumes
// are there before anything is read. `where` receives the name of the file an error is about.
// Errors: volume_missing, backup_damaged, recovery_file_missing, recovery_file_damaged, and those of the medium.
result<void> check_other_files(backup_medium& medium, const archive::manifest& manifest,
                               const std::vector<medium_entry>& files, std::string& where);

}  // namespace reinstate::engine

#endif
