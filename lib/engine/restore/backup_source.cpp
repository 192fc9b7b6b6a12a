// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/backup_source.hpp"

#include "engine/generation/generation_readers.hpp"

#include <utility>

namespace reinstate::engine {

result<void> backup_source::open(const std::string& path) {
  auto medium = config_.medium(path);
  if (!medium) return medium.error() == errc::path_not_found ? error_code(errc::no_backup) : medium.error();  // [C90]
  medium_ = std::move(*medium);
  auto files = medium_->list();
  if (!files) return files.error();
  files_ = std::move(*files);
  return {};
}

result<void> backup_source::find(std::uint32_t number, operation_report& report) {
  if (salvages()) {
    search_.emplace(*medium_, files_, number);
    auto newest = search_->next(report.damage);
    if (!newest) return newest.error();
    chain_.push_back(std::move(*newest));
  } else {
    auto found = find_generation(*medium_, files_, number, report.damage);
    // A newer generation that is damaged is no news to a caller who asked for this one.
    if (number != 0) report.damage.clear();
    if (!found) return found.error();
    chain_ = std::move(*found);
  }
  report_generation(report);
  return {};
}

result<void> backup_source::unlock(operation_report& report) {
  auto unlocked = salvages() ? unlock_remains(*medium_, *search_, config_, chain_.front(), report.damage)
                             : unlock_set(*medium_, chain_.front(), config_);
  report_generation(report);
  if (!unlocked) return unlocked.error();
  identity_ = std::move(unlocked->identity);
  owner_ = std::move(unlocked->owner);
  return salvages() ? follow_remains(*medium_, files_, unlocked->authentication, chain_, report.damage)
                    : result<void>();
}

bool backup_source::may_be_outdated() const noexcept {
  return search_ && search_->is_behind_forged(chain_.front().manifest.generation);
}

reading_options backup_source::reading() const {
  reading_options options = reading_by(config_);
  options.damage = damage_;
  return options;
}

std::unique_ptr<merged_reader<archive_reader>> backup_source::make_reader() const {
  return merged_generations<archive_reader>(*medium_, chain_, *identity_, reading());
}

void backup_source::report_generation(operation_report& report) const {
  const archive::manifest& newest = chain_.front().manifest;
  report.generation = newest.generation;
  report.builds_on = newest.parent ? newest.parent->generation : 0;
}

}  // namespace reinstate::engine
