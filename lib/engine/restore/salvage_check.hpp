// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_CHECK_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_CHECK_HPP

#include "engine/generation/contents_reader.hpp"
#include "engine/generation/merged.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// Tells of each license that was found in a damaged backup whether it is the one the backup had, and which are missing.
// It goes by what the generations are known to hold even where a volume no longer does.
//
// Lifetime: the medium and identity that the contents are read with must outlive it.
class salvage_check {
 public:
  enum class verdict {
    whole,    // as the backup had it
    earlier,  // an earlier state of it, as far as can be known
    gone,     // the backup says that the store had it no longer
  };

  // `known` are the contents of the newest generations, up to the first of which they are not known. In the newest
  // `certain` generations a license is the newest one where no newer generation that is known names it.
  salvage_check(std::unique_ptr<merged_reader<contents_reader>> known, std::size_t certain)
      : known_(std::move(known)), certain_(certain) {}

  // `at` is the generation the license was found in: 0 for the newest. `lost` receives the licenses that should have
  // come before. Preconditions: called in ascending order of id.
  // Errors: those of contents_reader.
  result<verdict> judge(const license_record& found, std::size_t at, std::vector<license_id>& lost);

  // After the last license. As above.
  result<void> finish(std::vector<license_id>& lost);

 private:
  result<void> advance();

  std::unique_ptr<merged_reader<contents_reader>> known_;
  const std::size_t certain_;
  bool is_due_ = true;
  std::optional<archive::index_entry> next_;
};

}  // namespace reinstate::engine

#endif
