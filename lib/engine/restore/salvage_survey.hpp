// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_SURVEY_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_SURVEY_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/set/backup_set.hpp"
#include "engine/restore/salvage_check.hpp"

#include <reinstate/report.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// Finds out of how many generations of a damaged backup, counted from the newest, it is known what they held: those
// whose index is whole, or all of whose volumes are. It ends at the first of which neither is, and at a gap.
//
// Lifetime: medium, chain and identity must outlive it and what it makes.
class salvage_survey {
 public:
  salvage_survey(backup_medium& medium, const chain& all, const age::identity& who, const reading_options& how)
      : medium_(medium), all_(all), who_(who), how_(how) {}

  // Reads every index. `damage` receives those that are not whole. Errors: those of the medium and the identity.
  result<void> read_indexes(std::vector<backup_damage>& damage);

  // Reads some of the volumes of a generation whose index is damaged, where that is needed.
  // Errors: those of the medium and the identity.
  bool is_done() const noexcept { return is_done_; }
  result<void> look_some();

  // Once it is done.
  salvage_check check() const;

  // What the index of a generation says that its volumes hold; nothing where it is damaged.
  const std::optional<crypto::digest>& index(std::size_t at) const { return indexes_[at]; }

 private:
  bool is_next_known();
  bool follows(std::size_t at) const;
  std::unique_ptr<archive_reader> volumes_of(std::size_t at) const;

  backup_medium& medium_;
  const chain& all_;
  const age::identity& who_;
  const reading_options how_;
  std::vector<std::optional<crypto::digest>> indexes_;
  std::size_t known_ = 0;                    // so many generations, from the newest
  std::unique_ptr<archive_reader> volumes_;  // of the next, while they are read
  bool is_done_ = false;
};

}  // namespace reinstate::engine

#endif
