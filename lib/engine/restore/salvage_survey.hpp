// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_SURVEY_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_SURVEY_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/restore/salvage_check.hpp"
#include "engine/set/backup_set.hpp"

#include <reinstate/report.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// Counts the generations of a damaged backup, from the newest, whose contents are known: those whose index is whole, or
// all of whose volumes are. Ends at the first generation with neither, and at a gap in the chain.
//
// Lifetime: medium, generations and identity must outlive it and the check it makes.
class salvage_survey {
 public:
  salvage_survey(backup_medium& medium, const chain& generations, const age::identity& identity,
                 const reading_options& options)
      : medium_(medium), generations_(generations), identity_(identity), options_(options) {}

  // Reads every index. `damage` receives those that are not whole. Errors: those of the medium and the identity.
  result<void> read_indexes(std::vector<backup_damage>& damage);

  // Reads about a step of the volumes of a generation whose index is damaged, if that is needed.
  // Errors: those of the medium and the identity.
  bool is_done() const noexcept { return is_done_; }
  result<void> read_some();

  // Makes the check. Preconditions: `is_done`.
  salvage_check check() const;

  // Returns the digest of the contents that the index of a generation names, or nullopt if it is damaged.
  const std::optional<crypto::digest>& index(std::size_t number) const { return indexes_[number]; }

 private:
  bool skip_whole_indexes();
  bool is_parent_of_newer(std::size_t number) const;
  std::unique_ptr<archive_reader> volumes_of(std::size_t number) const;

  backup_medium& medium_;
  const chain& generations_;
  const age::identity& identity_;
  const reading_options options_;
  std::vector<std::optional<crypto::digest>> indexes_;
  std::size_t known_ = 0;                    // the number of known generations, from the newest
  std::unique_ptr<archive_reader> volumes_;  // of the next generation, while they are read
  bool is_done_ = false;
};

}  // namespace reinstate::engine

#endif
