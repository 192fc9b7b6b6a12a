// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RESTORE_SALVAGE_CHECK_HPP
#define REINSTATE_ENGINE_RESTORE_SALVAGE_CHECK_HPP

#include "engine/generation/contents_reader.hpp"
#include "engine/generation/merged_reader.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// Judges each license that was found in a damaged backup: is it the one the backup had? And finds the licenses that are
// missing. Goes by the contents of the generations, which may be known even if a volume is damaged.
//
// Lifetime: the medium and the identity that the contents are read with must outlive it.
class salvage_check {
 public:
  enum class verdict {
    whole,    // as the backup had it
    earlier,  // an earlier state of it, as far as is known
    gone,     // the backup says that the store had it no longer
  };

  // `known` reads the contents of the newest generations, up to the first whose contents are not known. In the newest
  // `certain` generations a license is the newest one if no newer known generation names it.
  salvage_check(std::unique_ptr<merged_reader<contents_reader>> known, std::size_t certain)
      : known_(std::move(known)), certain_(certain) {}

  // Judges a license found in generation `number`, counted from 0 for the newest. `lost` receives the licenses that
  // should have come before. Preconditions: called in ascending order of id. Errors: those of contents_reader.
  result<verdict> judge(const license_record& found, std::size_t number, std::vector<license_id>& lost);

  // Ends the check after the last license. `lost` receives the licenses that should have followed. Errors: as above.
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
