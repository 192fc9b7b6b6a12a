// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/salvage_survey.hpp"

#include "engine/operation/step_size.hpp"

#include <utility>

namespace reinstate::engine {

result<void> salvage_survey::read_indexes(std::vector<backup_damage>& damage) {
  for (const archive::parsed_manifest& each : generations_) {
    const auto read = read_index(medium_, each.manifest, identity_, options_);
    if (!read && !is_corruption(read.error().code)) return read.error();
    if (!read) damage.push_back({archive::index_name(each.manifest.generation), read.error().code});
    indexes_.push_back(read ? std::optional(*read) : std::nullopt);
  }
  is_done_ = !skip_whole_indexes();
  return {};
}

// Counts the generations that follow and whose index is whole. Returns true if the contents of the one behind them can
// still be learned from its volumes.
bool salvage_survey::skip_whole_indexes() {
  while (known_ != generations_.size() && is_parent_of_newer(known_) && indexes_[known_]) ++known_;
  return known_ != generations_.size() && is_parent_of_newer(known_);
}

// Returns true if a generation is the very one that the next newer one builds on.
bool salvage_survey::is_parent_of_newer(std::size_t number) const {
  return number == 0 || crypto::equal(generations_[number - 1].manifest.parent->manifest, generations_[number].digest);
}

result<void> salvage_survey::read_some() {
  if (!volumes_) volumes_ = volumes_of(known_);
  const std::uint64_t step_end = volumes_->bytes_read() + step_bytes;
  while (volumes_->bytes_read() < step_end) {
    const auto item = volumes_->next();
    if (!item && !is_corruption(item.error().code)) return item.error();
    if (item && *item) continue;
    volumes_.reset();
    if (item) ++known_;
    is_done_ = !item || !skip_whole_indexes();
    return {};
  }
  return {};
}

std::unique_ptr<archive_reader> salvage_survey::volumes_of(std::size_t number) const {
  return std::make_unique<archive_reader>(medium_, generations_[number].manifest, identity_, options_);
}

salvage_check salvage_survey::check() const {
  std::vector<std::unique_ptr<contents_reader>> known;
  for (std::size_t number = 0; number != known_; ++number) {
    if (!indexes_[number]) {
      known.push_back(std::make_unique<contents_reader>(volumes_of(number)));
      continue;
    }
    auto index = std::make_unique<index_reader>(medium_, generations_[number].manifest, identity_, options_);
    known.push_back(std::make_unique<contents_reader>(std::move(index)));
  }
  // A license of the next generation that no known one names is the newest, unless a generation is missing between.
  const bool ends_at_gap = known_ != generations_.size() && !is_parent_of_newer(known_);
  return {std::make_unique<merged_reader<contents_reader>>(std::move(known)), ends_at_gap ? known_ : known_ + 1};
}

}  // namespace reinstate::engine
