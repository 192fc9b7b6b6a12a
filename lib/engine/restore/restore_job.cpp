// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/restore_job.hpp"

#include "engine/operation/step_size.hpp"
#include "engine/restore/restore_warnings.hpp"
#include "engine/rules/left_out.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::engine {

restore_job::restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path,
                         restore_options options, restore_job::purpose purpose, std::stop_token stop)
    : config_(std::move(config)),
      path_(std::move(path)),
      options_(std::move(options)),
      purpose_(purpose),
      source_(*config_, options_.salvage ? tolerance::salvage : tolerance::none),
      issuers_(*config_),
      managed_(*config_, issuers_, std::move(stop)),
      plan_(is_plan() ? nullptr : options_.plan, config_->limits.outcomes),
      chains_(config_->limits.outcomes) {
  plan_.depends_on(crypto::bytes_of("restore"));
  plan_.depends_on(crypto::bytes_of(path_));
}

step_result restore_job::run(step next) {
  switch (next) {
    case step::open: return open();
    case step::individualize: return individualize();
    case step::begin: return begin();
    case step::copy: return copy();
    case step::commit: return commit();
    case step::abandon: return abandon();
    default: return {errc::invalid_argument};
  }
}

step_result restore_job::done_so_far(bool more) const {
  step_result out{.more = more, .progress = walk_->progress(!more)};
  if (is_plan()) out.progress.phase = operation_phase::comparing;
  return out;
}

step_result restore_job::fail(const failure& cause) {
  report_damage();
  report_.file = cause.file;
  return {cause.code};
}

void restore_job::report_damage() {
  if (!walk_) return;
  const auto damage = walk_->take_damage();
  report_.damage.insert(report_.damage.end(), damage.begin(), damage.end());
}

// --- open: this machine, the backup and its keys

step_result restore_job::open() {
  if (const auto opened = open_backup(); !opened) return fail(opened.error());
  if (is_plan())
    if (const auto opened = open_store_for_plan(); !opened) return fail(opened.error());
  step_result out = done_so_far(true);
  out.needs_individualization = needs_individualization_;
  return out;
}

result<void> restore_job::open_backup() {
  if (const auto opened = source_.open(path_); !opened) return opened;
  if (const auto found = source_.find(options_.generation, report_); !found) {
    report_.damage.clear();  // the error names the file
    return found;
  }
  if (const auto checked = check_identity(); !checked) return checked;
  if (const auto unlocked = source_.unlock(report_); !unlocked) return unlocked;
  managed_.owned_by(source_.owner(), options_.take_over_machine_slot);
  walk_.emplace(*config_, source_, options_, issuers_);
  if (const auto opened = walk_->open(report_.damage); !opened) return opened;
  for (const archive::parsed_manifest& each : source_.generations()) plan_.depends_on(each.digest);
  return {};
}

result<void> restore_job::check_identity() {
  const auto identity = config_->identity->public_identity();
  needs_individualization_ = !identity && identity.error() == errc::needs_individualization;
  if (!identity && !needs_individualization_) return identity.error();
  if (!needs_individualization_) return {};
  // A new identity could not open what the store has: the old one may only be misplaced.
  const auto readable = config_->store->open_cursor();
  if (!readable) return readable.error();
  return {};
}

result<void> restore_job::open_store_for_plan() {
  auto cursor = config_->store->open_cursor();
  if (!cursor && !needs_individualization_) return cursor.error();
  lookup_ = cursor ? cursor_lookup(std::move(*cursor)) : empty_store_lookup();
  return {};
}

step_result restore_job::individualize() {
  const auto made = config_->identity->individualize();
  return {made ? error_code() : made.error()};
}

step_result restore_job::begin() {
  if (const auto sent = managed_.send_waiting_releases(); !sent) return fail(sent.error());
  if (const auto opened = open_batch(); !opened) return fail(opened.error());
  return done_so_far(true);
}

result<void> restore_job::open_batch() {
  auto batch = config_->store->begin_batch();
  if (!batch) return batch.error();
  batch_ = std::move(*batch);
  // Not earlier: only an open batch keeps others from putting a license that this restore would have to respect.
  const auto description = config_->store->describe();
  if (!description) return description.error();
  lookup_ = description->licenses == 0 ? empty_store_lookup() : batch_lookup(*batch_);
  return {};
}

// --- copy: from the walk into the batch

step_result restore_job::copy() {
  if (walk_->is_preparing()) {
    if (const auto prepared = walk_->prepare_some(); !prepared) return fail(prepared.error());
    return done_so_far(true);
  }
  const std::uint64_t step_end = walk_->bytes_read() + step_bytes;
  while (walk_->bytes_read() < step_end) {
    auto decision = walk_->next(lookup_);
    report_.licenses_seen = walk_->licenses_seen();
    report_.bytes = walk_->bytes_read();
    if (!decision) return fail(decision.error());
    if (!*decision) return finish_copying();
    if (const auto done = carry_out(**decision); !done) return fail(done.error());
  }
  return done_so_far(true);
}

result<void> restore_job::carry_out(restore_decision& decision) {
  const license_record& item = decision.license;
  if (decision.effect == restore_effect::ignored) return {};
  plan_.add(decision.planned, item, decision.reason);
  if (decision.warning) warn(report_, config_->limits, item, decision.warning);
  if (decision.effect == restore_effect::left_out) {
    leave_out(report_, config_->limits, item, decision.reason);
    return {};
  }
  const license_version present = decision.present.value_or(license_version{});
  if (decision.effect == restore_effect::asked_for) {
    ++plan_.plan().machine_slots;
    if (!is_plan()) {
      if (const auto added = managed_.add(item, *std::move(decision.statement), present); !added)
        leave_out(report_, config_->limits, item, added.error().code);
      return managed_.is_full() ? ask_service() : result<void>();
    }
  }
  chains_.add(item, decision.root);
  if (decision.effect == restore_effect::kept) {
    ++report_.licenses_kept;
    return {};
  }
  ++report_.licenses_done;
  return is_plan() ? result<void>() : put(item, present);
}

result<void> restore_job::ask_service() {
  const auto asked = managed_.ask([this](const managed_restore::outcome& answer) { return carry_out(answer); });
  report_.help_url = managed_.help_url();
  return asked;
}

result<void> restore_job::carry_out(const managed_restore::outcome& answer) {
  if (answer.refused.failed()) {
    leave_out(report_, config_->limits, answer.license, answer.refused);
    return {};
  }
  chains_.add(answer.license, root_of(answer.license));
  ++report_.licenses_done;
  return put(answer.license, answer.present);
}

// The state that is further along counts. If that is not the backup's, the license has changed since.
result<void> restore_job::put(license_record item, const license_version& present) {
  const license_state backed_up = item.state;
  item.state = furthest_state(present.state, item.state);
  if (item.state != backed_up) item.revision = std::max(item.revision, present.revision) + 1;
  if (const auto done = batch_->put(item); !done) return done.error();
  return {};
}

// --- the end

step_result restore_job::finish_copying() {
  if (const auto finished = finish(); !finished) return fail(finished.error());
  step_result out = done_so_far(false);
  out.answer = answer_of_service();
  return out;
}

result<void> restore_job::finish() {
  if (const auto asked = ask_service(); !asked) return asked;
  // Licenses that the service refused were listed late.
  std::ranges::sort(report_.outcomes, {}, &license_outcome::id);
  report_damage();
  plan_.plan().generation = report_.generation;
  plan_.plan().needs_individualization = needs_individualization_;
  if (const auto agreed = plan_.finish(report_.outcomes); !agreed) return agreed;
  warn_of_broken_chains(report_, config_->limits, chains_);
  if (is_plan()) report_.plan = std::make_shared<const operation_plan>(plan_.take());
  return {};
}

service_answer restore_job::answer_of_service() const {
  const bool restored_nothing = report_.licenses_done + report_.licenses_kept == 0;
  return {.accepted = managed_.granted() != 0 || managed_.refused() == 0,
          .reached_limit = managed_.reached_limit(),
          .help_url = managed_.help_url(),
          .refusal = restored_nothing ? managed_.refusal() : error_code()};  // [O16]
}

step_result restore_job::commit() {
  // The walk gave its end, so the backup is whole and authentic. The store gets everything at once.
  const auto committed = batch_->commit();
  batch_.reset();
  issuers_.keep_learned();
  if (!committed) return {committed.error()};
  if (!report_.damage.empty() && options_.salvage) return {errc::backup_salvaged};
  return {report_.licenses_left_out == 0 ? error_code() : make_error_code(errc::not_all_licenses_stored)};
}

step_result restore_job::abandon() {
  batch_.reset();  // takes back what it put
  issuers_.keep_learned();
  report_.licenses_done = report_.licenses_kept = 0;
  return {};
}

}  // namespace reinstate::engine
