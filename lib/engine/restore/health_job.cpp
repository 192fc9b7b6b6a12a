// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/health_job.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/operation/step_size.hpp"
#include "engine/rules/right_check.hpp"
#include "engine/rules/left_out.hpp"

#include <algorithm>

namespace reinstate::engine {

health_job::health_job(std::shared_ptr<const backup_restorer_config> config, std::string path, health_options options)
    : config_(std::move(config)), path_(std::move(path)), options_(options) {
}

step_result health_job::run(step what) {
  switch (what) {
    case step::open: return open();
    case step::copy: return compare();
    default: return {errc::invalid_argument};
  }
}

step_result health_job::fail(failure error) {
  report_.file = std::move(error.file);
  return {error.code};
}

step_result health_job::done_so_far(bool more) const {
  step_result out;
  out.more = more;
  const std::uint64_t seen = report_.licenses_seen;
  out.progress = {operation_phase::comparing, seen, more ? std::max(total_.licenses, seen) : seen, 0, 0};
  return out;
}

step_result health_job::open() {
  auto medium = config_->medium(path_);
  if (!medium) return fail(medium.error() == errc::path_not_found ? errc::no_backup : medium.error());
  medium_ = std::move(*medium);
  const auto files = medium_->list();
  if (!files) return fail(files.error());
  const auto found = find_generation(*medium_, *files, 0, report_.damage);
  if (!found) return fail(found.error());
  report_.generation = found->front().manifest.generation;
  auto opened = unlock_set(*medium_, found->front(), *config_);
  if (!opened) return fail(opened.error());
  who_ = std::move(opened->identity);

  const auto description = config_->store->describe();
  if (!description) return fail(description.error());
  total_ = *description;
  auto cursor = config_->store->open_cursor();
  if (!cursor) return fail(cursor.error());
  both_.emplace(std::move(*cursor), merged_generations<index_reader>(*medium_, *found, *who_, reading_by(*config_)));
  return done_so_far(true);
}

step_result health_job::compare() {
  for (std::uint64_t i = 0; i != step_licenses; ++i) {
    const auto item = both_->next();
    report_.licenses_seen = both_->seen_in_store();
    report_.bytes = both_->bytes_read();
    if (!item) return fail(item.error());
    if (!*item) return done_so_far(false);
    if ((*item)->in_store) {
      if (const auto judged = judge(*(*item)->in_store, (*item)->in_backup); !judged) return fail(judged.error());
    } else {
      license_record missing;
      missing.id = (*item)->in_backup->id;
      report(missing, errc::only_in_backup);
    }
  }
  return done_so_far(true);
}

result<void> health_job::judge(const license_record& item, const archive::index_entry* backed_up) {
  if (options_.open_payloads) {
    const auto payload = both_->payload();
    if (!payload && payload.error() != errc::license_damaged) return payload.error();
    if (!payload) {
      report(item, errc::license_damaged);
      return {};
    }
  }
  if (backed_up && backed_up->revision == item.revision)
    ++report_.licenses_done;
  else if (const error_code refusal = refusal_by_right(item, *config_))
    report(item, refusal);  // backing up now would not help: the reason says why
  else
    report(item, backed_up ? errc::changed_since_backup : errc::not_backed_up);
  return {};
}

void health_job::report(const license_record& item, error_code finding) {
  leave_out(report_, config_->limits, item, finding);
}

}  // namespace reinstate::engine
