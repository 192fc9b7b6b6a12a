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

// What lies on a memory medium: contents by name. Share one between media to hand a backup from one to the other, and
// change it to see what a damaged backup does.
using memory_files = std::map<std::string, std::vector<std::byte>, std::less<>>;

// A medium in memory: for tests, and for players that carry a backup elsewhere by their own means.
// A file is listed as soon as it is created, and empty until it is finished; what was abandoned stays so.
// Thread safety: one call at a time over all media that share `files`.
std::unique_ptr<backup_medium> make_memory_medium(std::shared_ptr<memory_files> files);

}  // namespace reinstate

#endif
