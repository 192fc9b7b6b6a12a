// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_MEMORY_MEDIUM_HPP
#define REINSTATE_PLUGINS_MEMORY_MEDIUM_HPP

#include <reinstate/backup_medium.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace reinstate {

// The files of a memory medium: contents by name. Share one object between media to move a backup from one to the
// other, or change it to simulate a damaged backup.
using memory_files = std::map<std::string, std::vector<std::byte>, std::less<>>;

// Creates a medium in memory: for tests, and for players that transport a backup by their own means. A file is listed
// as soon as it is created, and is empty until it is finished; an abandoned file stays empty.
// Thread safety: one call at a time over all media that share `files`.
std::unique_ptr<backup_medium> make_memory_medium(std::shared_ptr<memory_files> files);

}  // namespace reinstate

#endif
