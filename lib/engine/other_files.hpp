// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OTHER_FILES_HPP
#define REINSTATE_ENGINE_OTHER_FILES_HPP

#include "backup_set.hpp"
#include "generation_writer.hpp"

#include <vector>

namespace reinstate::engine {

// Checks the files a restore can do without, if it has the keys: the copies of the manifests, the slots and README.txt.
// `damage` receives what is wrong: those of find_copy_damage, recovery_file_missing, recovery_file_damaged,
// volume_missing and backup_damaged (README.txt), or why the medium could not give a file.
// Errors: those of the medium.
result<void> find_other_damage(backup_medium& medium, const chain& all, std::vector<backup_damage>& damage);

// Writes README.txt where it is not there yet. It is for people, and people have texts of that name: theirs stays, and
// ours goes by its other name. No license depends on it, so a damaged one under that name may go before the new one is
// there. Errors: as generation_writer::add_file, and those of the medium.
result<void> write_readme(backup_medium& medium, const std::vector<medium_entry>& files, archive::manifest& what,
                          generation_writer& writer);

}  // namespace reinstate::engine

#endif
