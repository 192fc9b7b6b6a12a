// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_GENERATION_READERS_HPP
#define REINSTATE_ENGINE_GENERATION_GENERATION_READERS_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/index_reader.hpp"
#include "engine/generation/merged.hpp"
#include "engine/set/backup_set.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>

namespace reinstate::engine {

inline reading_options reading_by(const backup_restorer_config& config) {
  return {.max_record = config.limits.license_bytes, .helpers = config.work};
}

// Returns a reader of a whole chain. Reader is archive_reader or index_reader.
// Lifetime: medium and identity must outlive it.
template <class Reader>
std::unique_ptr<merged_reader<Reader>> merged_generations(backup_medium& medium, const chain& all,
                                                          const age::identity& identity, reading_options options) {
  // Each of the files that are read side by side has a window of its own.
  if (all.size() != 1) options.window = 2;
  std::vector<std::unique_ptr<Reader>> readers;
  for (const archive::parsed_manifest& each : all)
    readers.push_back(std::make_unique<Reader>(medium, each.manifest, identity, options));
  return std::make_unique<merged_reader<Reader>>(std::move(readers));
}

}  // namespace reinstate::engine

#endif
