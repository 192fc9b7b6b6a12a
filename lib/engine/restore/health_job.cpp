// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/health_job.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/operation/step_size.hpp"
#include "engine/rules/left_out.hpp"
#include "engine/rules/right_check.hpp"

#include <algorithm>

namespace reinstate::engine {

health_job::health_job(std::shared_ptr<const backup_restorer_config> config, std::string path, health_options options)
    : config_(std::move(config)), path_(std::move(path)), options_(options), source_(*config_, tolerance::none) {
}

step_result health_job::run(step next) {
  switch (next) {
    case step::open: return open();
    case step::copy: return compare();
    default: return {errc::invalid_argument};
  }
}

step_result health_job::done_so_far(bool more) const {
  const std::uint64_t seen = report_.licenses_seen;
  return {.more = more,
          .progress = {operation_phase::comparing, seen, more ? std::max(total_.licenses, seen) : seen, 0, 0}};
}

step_result health_job::fail(const failure& cause) {
  report_.file = cause.file;
  return {cause.code};
}

step_result health_job::open() {
  if (const auto opened = open_backup(); !opened) return fail(opened.error());
  if (const auto opened = open_store(); !opened) return fail(opened.error());
  return done_so_far(true);
}

result<void> health_job::open_backup() {
  if (const auto opened = source_.open(path_); !opened) return opened;
  if (const auto found = source_.find(0, report_); !found) return found;
  return source_.unlock(report_);
}

result<void> health_job::open_store() {
  const auto description = config_->store->describe();
  if (!description) return description.error();
  total_ = *description;
  auto cursor = config_->store->open_cursor();
  if (!cursor) return cursor.error();
  comparison_.emplace(std::move(*cursor), merged_generations<index_reader>(source_.medium(), source_.generations(),
                                                                           source_.identity(), source_.reading()));
  return {};
}

step_result health_job::compare() {
  for (std::uint64_t i = 0; i != step_licenses; ++i) {
    const auto item = comparison_->next();
    report_.licenses_seen = comparison_->seen_in_store();
    report_.bytes = comparison_->bytes_read();
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
    const auto payload = comparison_->payload();
    if (!payload && payload.error() != errc::license_damaged) return payload.error();
    if (!payload) {
      report(item, errc::license_damaged);
      return {};
    }
  }
  if (backed_up && backed_up->revision == item.revision)
    ++report_.licenses_done;
  else if (const error_code refusal = refusal_by_right(item, *config_))
    report(item, refusal);  // the reason that a backup now would not help
  else
    report(item, backed_up ? errc::changed_since_backup : errc::not_backed_up);
  return {};
}

void health_job::report(const license_record& item, error_code finding) {
  leave_out(report_, config_->limits, item, finding);
}

}  // namespace reinstate::engine
