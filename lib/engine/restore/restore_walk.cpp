// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/restore_walk.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/operation/step_size.hpp"
#include "engine/rules/right_check.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::engine {
namespace {

restore_decision left_out(const license_record& item, error_code reason) {
  return {.planned = planned_action::leave_out, .effect = restore_effect::left_out, .reason = reason, .license = item};
}

// Only the id of a license that is lost is known.
restore_decision lost(const license_id& id) {
  license_record unknown;
  unknown.id = id;
  unknown.revision = 0;
  return left_out(unknown, errc::license_lost);
}

}  // namespace

restore_walk::restore_walk(const backup_restorer_config& config, const backup_source& source,
                           const restore_options& options, issuer_check& issuers)
    : config_(config), source_(source), repairs_(options.repair), issuers_(issuers), selector_(options.selection) {
}

result<void> restore_walk::open(std::vector<backup_damage>& damage) {
  if (source_.salvages()) {
    survey_.emplace(source_.medium(), source_.generations(), source_.identity(), reading_by(config_));
    if (const auto read = survey_->read_indexes(damage); !read) return read;
  }
  if (selector_.needs_look()) look_ = source_.make_reader();
  reader_ = source_.make_reader();
  return {};
}

// --- before the decisions

bool restore_walk::is_preparing() const noexcept {
  return look_ || (survey_ && !survey_->is_done());
}

result<void> restore_walk::prepare_some() {
  if (survey_ && !survey_->is_done()) return survey_->read_some();
  const std::uint64_t step_end = look_->bytes_read() + step_bytes;
  while (look_->bytes_read() < step_end) {
    const auto item = look_->next();
    if (!item) return item.error();
    if (!*item) {
      look_.reset();
      return {};
    }
    selector_.look((*item)->license);
  }
  return {};
}

// --- decisions

result<std::optional<restore_decision>> restore_walk::next(const version_lookup& lookup) {
  for (;;) {
    if (lost_told_ != lost_.size()) return std::optional(lost(lost_[lost_told_++]));
    if (failure_) return *failure_;
    if (verdict_) {
      auto decision = decide_found(lookup);
      verdict_.reset();
      if (!decision) return decision.error();
      return std::optional(std::move(*decision));
    }
    if (at_end_) return std::optional<restore_decision>();
    if (const auto read = read_next(); !read) return read.error();
  }
}

result<void> restore_walk::read_next() {
  if (survey_ && !check_) check_.emplace(survey_->check());
  lost_.clear();
  lost_told_ = 0;
  const auto item = reader_->next();
  if (!item) return item.error();
  if (!*item) {
    at_end_ = true;
    if (check_) finish_salvage();
    return {};
  }
  ++licenses_seen_;
  payload_bytes_ += (*item)->license.payload.size();
  found_ = (*item)->license;
  verdict_ = salvage_check::verdict::whole;
  if (!check_) return {};
  const auto verdict = check_->judge(found_, reader_->source_of_last(), lost_);
  if (verdict)
    verdict_ = *verdict;
  else
    failure_ = verdict.error();
  return {};
}

void restore_walk::finish_salvage() {
  const auto finished = check_->finish(lost_);
  if (finished)
    compare_indexes();
  else
    failure_ = finished.error();
}

result<restore_decision> restore_walk::decide_found(const version_lookup& lookup) {
  if (verdict_ == salvage_check::verdict::gone) return restore_decision{.license = found_};
  const bool is_current = verdict_ == salvage_check::verdict::whole && !source_.may_be_outdated();
  return is_current ? decide(lookup) : decide_earlier(lookup);
}

// An earlier state gives no use back beside the one in the store, since the state that is further along counts.
result<restore_decision> restore_walk::decide_earlier(const version_lookup& lookup) {
  if (!selector_.takes(found_)) return restore_decision{.license = found_};
  const auto present = lookup(found_.id);
  if (!present) return present.error();
  if (!*present && found_.state.uses_left) return left_out(found_, errc::license_lost);
  auto decision = decide(lookup);
  if (decision && !*present && !refusal_by_right(found_, config_)) decision->warning = errc::license_lost;
  return decision;
}

result<restore_decision> restore_walk::decide(const version_lookup& lookup) {
  if (!selector_.takes(found_)) return restore_decision{.license = found_};
  const bool is_managed = found_.backup == backup_right::managed;
  const auto payload = is_managed ? std::optional<crypto::byte_span>() : found_.payload;
  const auto metadata = view_metadata(found_.metadata);
  auto statement = issuers_.read_statement(found_, metadata);
  if (!statement) return left_out(found_, statement.error().code);
  if (const error_code objection = issuers_.objection(*statement, payload)) return left_out(found_, objection);

  auto present = lookup(found_.id);
  if (!present) return present.error();
  const auto planned = plan_for_version(*present);
  if (!planned) return planned.error();
  restore_decision out{.planned = *planned, .license = found_, .present = *present};
  if (metadata) out.root = metadata->root;
  out.effect = *planned == planned_action::keep ? restore_effect::kept
               : is_managed                     ? restore_effect::asked_for
                                                : restore_effect::stored;
  if (out.effect == restore_effect::asked_for) out.statement = std::move(*statement);
  return out;
}

result<planned_action> restore_walk::plan_for_version(const std::optional<license_version>& present) const {
  if (!present) return planned_action::take;
  if (present->revision < found_.revision) return planned_action::renew;
  if (!repairs_) return planned_action::keep;
  const auto opened = config_.store->find(found_.id);
  if (!opened && opened.error() != errc::license_damaged) return opened.error();
  return opened ? planned_action::keep : planned_action::replace;
}

// --- the end

result<void> restore_walk::check_indexes() const {
  std::size_t i = 0;
  result<void> same;
  reader_->for_each([&](const archive_reader& volumes) {
    const archive::manifest& manifest = source_.generations()[i++].manifest;
    if (!same) return;
    const auto contents = read_index(source_.medium(), manifest, source_.identity(), source_.reading());
    if (!contents)
      same = failure{contents.error().code, archive::index_name(manifest.generation)};
    else if (!crypto::equal(*contents, volumes.contents()))
      same = failure{errc::backup_damaged, archive::index_name(manifest.generation)};
  });
  return same;
}

// The same in a salvage, if both could be read.
void restore_walk::compare_indexes() {
  std::size_t i = 0;
  reader_->for_each([&](const archive_reader& volumes) {
    const auto& index = survey_->index(i);
    if (index && volumes.damage().empty() && !crypto::equal(*index, volumes.contents()))
      damage_.push_back({archive::index_name(source_.generations()[i].manifest.generation), errc::backup_damaged});
    ++i;
  });
}

std::vector<backup_damage> restore_walk::take_damage() {
  std::vector<backup_damage> out = std::exchange(damage_, {});
  if (!source_.salvages() || !reader_ || std::exchange(readers_damage_is_taken_, true)) return out;
  reader_->for_each(
      [&](const archive_reader& volumes) { out.insert(out.end(), volumes.damage().begin(), volumes.damage().end()); });
  return out;
}

operation_progress restore_walk::progress(bool is_done) const {
  using phase = operation_phase;
  operation_progress out{is_preparing() ? phase::comparing : phase::copying, licenses_seen_, licenses_seen_,
                         payload_bytes_, payload_bytes_};
  if (is_done) return out;
  // Only the end tells which licenses of a chain are overruled, and which of a damaged one are there.
  std::uint64_t bytes = 0;
  for (const archive::parsed_manifest& each : source_.generations()) bytes += each.manifest.payload_bytes;
  out.licenses_total = std::max(source_.generations().front().manifest.licenses_in_all, licenses_seen_);
  out.bytes_total = std::max(bytes, payload_bytes_);
  return out;
}

}  // namespace reinstate::engine
