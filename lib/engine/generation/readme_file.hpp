// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_README_FILE_HPP
#define REINSTATE_ENGINE_GENERATION_README_FILE_HPP

#include "engine/generation/generation_writer.hpp"

#include <vector>

namespace reinstate::engine {

// Writes README.txt if it is not there yet. If the user has a file of that name, it stays, and ours gets its other
// name. No license depends on it, so a damaged one under that name may be removed before the new one is written.
// Errors: as generation_writer::add_file, and those of the medium.
result<void> write_readme(backup_medium& medium, const std::vector<medium_entry>& files, archive::manifest& manifest,
                          generation_writer& writer);

}  // namespace reinstate::engine

#endif
