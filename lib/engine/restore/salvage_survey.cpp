// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/salvage_survey.hpp"

#include "engine/operation/step_size.hpp"

#include <utility>

namespace reinstate::engine {

result<void> salvage_survey::read_indexes(std::vector<backup_damage>& damage) {
  for (const archive::parsed_manifest& each : all_) {
    const auto read = read_index(medium_, each.manifest, who_, how_);
    if (!read && !is_corruption(read.error())) return read.error().code;
    if (!read) damage.push_back({archive::index_name(each.manifest.generation), read.error().code});
    indexes_.push_back(read ? std::optional(*read) : std::nullopt);
  }
  is_done_ = !is_next_known();
  return {};
}

// Goes on over those whose index is whole; whether there is one behind them of which it can be found out.
bool salvage_survey::is_next_known() {
  while (known_ != all_.size() && follows(known_) && indexes_[known_]) ++known_;
  return known_ != all_.size() && follows(known_);
}

// Whether a generation is the very one that the next newer one builds on.
bool salvage_survey::follows(std::size_t at) const {
  return at == 0 || crypto::equal(all_[at - 1].manifest.parent->manifest, all_[at].digest);
}

result<void> salvage_survey::look_some() {
  if (!volumes_) volumes_ = volumes_of(known_);
  const std::uint64_t step_end = volumes_->bytes_read() + step_bytes;
  while (volumes_->bytes_read() < step_end) {
    const auto item = volumes_->next();
    if (!item && !is_corruption(item.error())) return item.error().code;
    if (item && *item) continue;
    volumes_.reset();
    if (item) ++known_;
    is_done_ = !item || !is_next_known();
    return {};
  }
  return {};
}

std::unique_ptr<archive_reader> salvage_survey::volumes_of(std::size_t at) const {
  return std::make_unique<archive_reader>(medium_, all_[at].manifest, who_, how_);
}

salvage_check salvage_survey::check() const {
  std::vector<std::unique_ptr<contents_reader>> known;
  for (std::size_t at = 0; at != known_; ++at) {
    if (!indexes_[at]) {
      known.push_back(std::make_unique<contents_reader>(volumes_of(at)));
      continue;
    }
    auto index = std::make_unique<index_reader>(medium_, all_[at].manifest, who_, how_);
    known.push_back(std::make_unique<contents_reader>(std::move(index)));
  }
  // What the next one has is the newest where the known ones do not name it, unless one is missing between.
  const bool ends_at_gap = known_ != all_.size() && !follows(known_);
  return {std::make_unique<merged_reader<contents_reader>>(std::move(known)), ends_at_gap ? known_ : known_ + 1};
}

}  // namespace reinstate::engine
