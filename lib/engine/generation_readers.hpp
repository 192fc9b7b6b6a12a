// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_READERS_HPP
#define REINSTATE_ENGINE_GENERATION_READERS_HPP

#include "archive_reader.hpp"
#include "backup_set.hpp"
#include "index_reader.hpp"
#include "merged.hpp"

#include <memory>

namespace reinstate::engine {

// A generation and all it builds on as one: Reader is archive_reader or index_reader.
// Lifetime: medium and identity must outlive it.
template <class Reader>
std::unique_ptr<merged<Reader>> merged_generations(backup_medium& medium, const chain& all, const age::identity& who,
                                                   std::size_t max_record, tolerance damage = tolerance::none) {
  // Each file that is read side by side with others keeps what it has read.
  const std::size_t read_bytes = all.size() == 1 ? 1024 * 1024 : 128 * 1024;
  std::vector<std::unique_ptr<Reader>> readers;
  for (const archive::parsed_manifest& each : all)
    readers.push_back(
        std::make_unique<Reader>(medium, each.what, who, reading_options{max_record, damage, read_bytes}));
  return std::make_unique<merged<Reader>>(std::move(readers));
}

}  // namespace reinstate::engine

#endif
