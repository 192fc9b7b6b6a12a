// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_BACKUP_SOURCE_HPP
#define REINSTATE_ENGINE_RESTORE_BACKUP_SOURCE_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/merged_reader.hpp"
#include "engine/restore/salvage_search.hpp"
#include "engine/set/backup_set.hpp"

#include <reinstate/backup_restorer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// The backup that a restore or a verification reads: a generation with those it builds on, and the identity that
// unlocks their set. In salvage it is what is left of them.
//
// Call `open`, `find` and `unlock` in this order, each once.
// Lifetime: the configuration must outlive it.
class backup_source {
 public:
  backup_source(const backup_restorer_config& config, tolerance damage) noexcept : config_(config), damage_(damage) {}

  // Opens the medium. Errors: no_backup if there is no such path [C90], and those of the medium.
  result<void> open(const std::string& path);

  // Finds generation `number`, or for 0 the newest that is whole. The report receives the generation, and the damaged
  // ones that were passed over. Errors: as find_generation; in salvage as salvage_search::next.
  result<void> find(std::uint32_t number, operation_report& report);

  // Unlocks the set. In salvage it may settle on an older generation, and then follows the chain as far as it is there;
  // the report receives the generation and the damage. Errors: as unlock_set; in salvage as unlock_remains.
  result<void> unlock(operation_report& report);

  const std::vector<medium_entry>& files() const noexcept { return files_; }
  const chain& generations() const noexcept { return chain_; }
  backup_medium& medium() const noexcept { return *medium_; }
  const age::identity& identity() const noexcept { return *identity_; }

  // The owner of the recovery key that unlocked the set; null if this machine did.
  const backup_owner* owner() const noexcept { return owner_ ? &*owner_ : nullptr; }

  bool salvages() const noexcept { return damage_ == tolerance::salvage; }

  // In salvage: returns true if a newer generation may have been replaced by a forged manifest, so that every license
  // is at best an earlier state.
  bool may_be_outdated() const noexcept;

  reading_options reading() const;

  // Makes a reader of all licenses. Lifetime: this source must outlive it.
  std::unique_ptr<merged_reader<archive_reader>> make_reader() const;

 private:
  void report_generation(operation_report& report) const;

  const backup_restorer_config& config_;
  const tolerance damage_;
  std::unique_ptr<backup_medium> medium_;
  std::vector<medium_entry> files_;
  std::optional<salvage_search> search_;
  chain chain_;
  std::unique_ptr<age::identity> identity_;
  std::optional<backup_owner> owner_;
};

}  // namespace reinstate::engine

#endif
