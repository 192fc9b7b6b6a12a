// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_SEARCH_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_SEARCH_HPP

#include "engine/set/backup_set.hpp"

// Finds what is left of a damaged backup, for a salvage. [docs/format.md, "Salvage"]

namespace reinstate::engine {

// Searches for the generation to start from: the given one, or for 0 the newest, or else an older one. An attacker who
// can write to the medium can put any number of forged manifests there, and unlocking the set of each may take seconds,
// so the search gives up after some.
//
// Lifetime: the medium must outlive it.
class salvage_search {
 public:
  salvage_search(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number);

  // Returns the next manifest that is not damaged: of each generation the manifest itself, then its copy. `damage`
  // receives those that are. Errors: as find_generation; manifest_damaged if there is no more.
  result<archive::parsed_manifest> next(std::vector<backup_damage>& damage);

  // Returns the next one after the last has proven to be forged.
  result<archive::parsed_manifest> next_after_forged(std::vector<backup_damage>& damage);

  // Returns true if a forged manifest is in the place of a generation that may have been newer than this one.
  bool is_behind_forged(std::uint32_t generation) const noexcept { return generation < newest_forged_; }

 private:
  backup_medium& medium_;
  error_code cannot_begin_;
  std::vector<std::uint32_t> left_;  // the newest last
  bool copy_is_next_ = false;
  archive::parsed_manifest last_;
  std::uint32_t newest_forged_ = 0;
  unsigned forged_ = 0;
};

// Unlocks the set of `newest`, which a search returned. A manifest that is not authentic must not stand in the way: the
// next one whose set unlocks then takes the place of `newest`. `damage` receives the others. Errors: as unlock_set, and
// those of the search.
result<unlocked_set> unlock_remains(backup_medium& medium, salvage_search& search, const backup_restorer_config& config,
                                    archive::parsed_manifest& newest, std::vector<backup_damage>& damage);

// Appends what is left of the generations that `remains.back()` builds on: authentic manifests of its set, and any
// older ones in place of one that is missing. `damage` receives what is missing or differs. Errors: those of the
// medium.
result<void> follow_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                            const secret_bytes& authentication, chain& remains, std::vector<backup_damage>& damage);

}  // namespace reinstate::engine

#endif
