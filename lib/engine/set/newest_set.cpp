// SPDX-License-Identifier: BSL-1.0
#include "engine/set/newest_set.hpp"

#include "engine/set/backup_set.hpp"

#include <utility>

namespace reinstate::engine {

result<newest_set> find_newest_set(backup_medium& medium) {
  const auto files = medium.list();
  if (!files) return files.error();
  auto found = find_generation(medium, *files, 0);
  if (!found) return found.error();
  auto slots = find_slots(medium, found->front().manifest.recovery_generation);
  if (!slots) return slots.error();
  return newest_set{std::move(found->front()), std::move(*slots)};
}

}  // namespace reinstate::engine
