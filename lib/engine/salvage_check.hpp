// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SALVAGE_CHECK_HPP
#define REINSTATE_ENGINE_SALVAGE_CHECK_HPP

#include "index_reader.hpp"
#include "merged.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace reinstate::engine {

// Tells of each license that was found in a damaged backup whether it is the one the backup had, and which are missing.
// It goes by the indexes: they say what every generation holds even where a volume no longer does.
//
// Lifetime: the medium and identity that the indexes are read with must outlive it.
class salvage_check {
 public:
  enum class verdict {
    whole,    // as the backup had it
    earlier,  // an earlier state of it, as far as can be known
    gone,     // the backup says that the store had it no longer
  };

  // `known` are the indexes of the newest generations up to the first that cannot be read or is missing;
  // `is_everything` says that there is none such.
  salvage_check(std::unique_ptr<merged<index_reader>> known, bool is_everything)
      : known_(std::move(known)), is_everything_(is_everything) {}

  // Preconditions: called in ascending order of id. `lost` receives the licenses that should have come before.
  // Errors: those of index_reader.
  result<verdict> judge(const license_record& found, std::vector<license_id>& lost);

  // After the last license. As above.
  result<void> finish(std::vector<license_id>& lost);

 private:
  result<void> advance();

  std::unique_ptr<merged<index_reader>> known_;
  const bool is_everything_;
  bool is_due_ = true;
  std::optional<archive::index_entry> next_;
};

}  // namespace reinstate::engine

#endif
