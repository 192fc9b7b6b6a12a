// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_SEARCH_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_SEARCH_HPP

#include "engine/set/backup_set.hpp"

// What is left of a damaged backup, for a salvage. [docs/format.md, "Salvage"]

namespace reinstate::engine {

// Looks for the generation to start from: that of a number, or for 0 the newest, or else one that is older. Who can
// write to the medium can put any number of forged manifests there, and opening the set of each may take seconds: after
// some it gives up.
//
// Lifetime: the medium must outlive it.
class salvage_search {
 public:
  salvage_search(backup_medium& medium, const std::vector<medium_entry>& files, std::uint32_t number);

  // The next manifest that is not damaged: of each generation the manifest itself, then its copy. `damage` receives
  // those that are. Errors: as find_generation; manifest_damaged where there is no more.
  result<archive::parsed_manifest> next(std::vector<backup_damage>& damage);

  // The same where the last one turned out not to be genuine.
  result<archive::parsed_manifest> next_instead(std::vector<backup_damage>& damage);

  // Whether a manifest that was not genuine stands where there may have been a generation newer than this one.
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

// Opens the set of the manifest that a search gave. Where that is not genuine, it must not stand in the way: then that
// of the next one that is, which takes the place of `newest`. The report receives damage and where it failed. Errors:
// as unlock_set, and those of the search.
result<unlocked_set> unlock_remains(backup_medium& medium, salvage_search& search, const backup_restorer_config& config,
                                archive::parsed_manifest& newest, operation_report& report);

// Adds to a generation what is left of those it builds on: genuine manifests of its set, and where one is not there,
// any older ones. `damage` receives what is missing or not what it should be. Errors: those of the medium.
result<void> follow_remains(backup_medium& medium, const std::vector<medium_entry>& files,
                            const secret_bytes& authentication, chain& remains, std::vector<backup_damage>& damage);

}  // namespace reinstate::engine

#endif
