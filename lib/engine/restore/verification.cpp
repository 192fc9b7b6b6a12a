// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/verification.hpp"

#include "engine/operation/step_size.hpp"
#include "engine/restore/restore_warnings.hpp"
#include "engine/rules/left_out.hpp"
#include "engine/set/sidecar_check.hpp"

#include <utility>

namespace reinstate::engine {

verification::verification(std::shared_ptr<const backup_restorer_config> config, std::string path,
                           const verify_options& options)
    : config_(std::move(config)),
      path_(std::move(path)),
      options_(options),
      source_(*config_, options_.continue_after_damage ? tolerance::salvage : tolerance::none),
      issuers_(*config_),
      chains_(config_->limits.outcomes) {
}

step_result verification::run(step next) {
  switch (next) {
    case step::open: return open();
    case step::copy: return check_some();
    default: return {errc::invalid_argument};
  }
}

step_result verification::fail(const failure& cause) {
  report_damage();
  report_.file = cause.file;
  return {cause.code};
}

void verification::report_damage() {
  if (!walk_) return;
  const auto damage = walk_->take_damage();
  report_.damage.insert(report_.damage.end(), damage.begin(), damage.end());
}

step_result verification::open() {
  if (const auto opened = open_backup(); !opened) return fail(opened.error());
  if (const auto checked = check_sidecars(); !checked) return fail(checked.error());
  return done_so_far(true);
}

result<void> verification::open_backup() {
  if (const auto opened = source_.open(path_); !opened) return opened;
  // The newest generation is verified even if it is damaged and an older one is whole.
  const bool picks_newest = options_.generation == 0 && !source_.salvages();
  const std::uint32_t number = picks_newest ? newest_generation(source_.files()) : options_.generation;
  if (const auto found = source_.find(number, report_); !found) {
    report_.damage.clear();  // the error names the file
    return found;
  }
  if (const auto unlocked = source_.unlock(report_); !unlocked) return unlocked;
  walk_.emplace(*config_, source_, restore_options{}, issuers_);
  return walk_->open(report_.damage);
}

// The first damage ends a verification, unless the caller wants all of it.
result<void> verification::check_sidecars() {
  if (!source_.salvages()) {  // before anything is read of the volumes that are there
    const auto present = check_volumes(source_.generations(), source_.files());
    if (!present && present.error() == errc::volume_missing) return present;
  }
  std::vector<backup_damage> found;
  if (const auto checked = find_sidecar_damage(source_.medium(), source_.generations(), found); !checked)
    return checked;
  if (!source_.salvages() && !found.empty()) return failure{found.front().error, found.front().file};
  report_.damage.insert(report_.damage.end(), found.begin(), found.end());
  return {};
}

step_result verification::check_some() {
  if (walk_->is_preparing()) {
    if (const auto prepared = walk_->prepare_some(); !prepared) return fail(prepared.error());
    return done_so_far(true);
  }
  const version_lookup lookup = empty_store_lookup();
  const std::uint64_t step_end = walk_->bytes_read() + step_bytes;
  while (walk_->bytes_read() < step_end) {
    const auto decision = walk_->next(lookup);
    report_.licenses_seen = walk_->licenses_seen();
    report_.bytes = walk_->bytes_read();
    if (!decision) return fail(decision.error());
    if (!*decision) {
      if (const auto finished = finish(); !finished) return fail(finished.error());
      return done_so_far(false);
    }
    record(**decision);
  }
  return done_so_far(true);
}

void verification::record(const restore_decision& decision) {
  if (decision.effect == restore_effect::ignored) return;
  if (decision.warning) warn(report_, config_->limits, decision.license, decision.warning);
  if (decision.effect == restore_effect::left_out)
    return leave_out(report_, config_->limits, decision.license, decision.reason);
  chains_.add(decision.license, decision.root);
  ++report_.licenses_done;
}

result<void> verification::finish() {
  if (!source_.salvages())
    if (const auto same = walk_->check_indexes(); !same) return same;
  report_damage();
  if (!report_.damage.empty()) return failure{report_.damage.front().error, report_.damage.front().file};
  warn_of_broken_chains(report_, config_->limits, chains_);
  return {};
}

}  // namespace reinstate::engine
