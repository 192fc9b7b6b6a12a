// SPDX-License-Identifier: BSL-1.0
#include "engine/restore/restore_job.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/operation/step_size.hpp"
#include "engine/rules/left_out.hpp"
#include "engine/rules/right_check.hpp"
#include "engine/set/sidecar_check.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::engine {

restore_job::restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path,
                         restore_options options, purpose what_for, std::stop_token stop)
    : config_(std::move(config)),
      path_(std::move(path)),
      options_(std::move(options)),
      what_for_(what_for),
      selector_(options_.selection),
      issuers_(*config_),
      managed_(*config_, issuers_, std::move(stop)),
      chains_(config_->limits.outcomes),
      plan_(what_for == purpose::restore ? options_.plan : nullptr, config_->limits.outcomes) {
  plan_.depends_on(crypto::bytes_of("restore"));
  plan_.depends_on(crypto::bytes_of(path_));
}

step_result restore_job::run(step what) {
  switch (what) {
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
  using phase = operation_phase;
  const bool compares = look_ || what_for_ == purpose::plan || (survey_ && !survey_->is_done());
  step_result out;
  out.more = more;
  out.progress = {compares ? phase::comparing : phase::copying, report_.licenses_seen, report_.licenses_seen,
                  payload_bytes_, payload_bytes_};
  if (!more) return out;
  // Of a chain it is not known before the end which are overruled, and of a damaged one which are there.
  std::uint64_t bytes = 0;
  for (const archive::parsed_manifest& each : chain_) bytes += each.manifest.payload_bytes;
  out.progress.licenses_total = std::max(chain_.front().manifest.licenses_in_all, report_.licenses_seen);
  out.progress.bytes_total = std::max(bytes, payload_bytes_);
  return out;
}

step_result restore_job::fail(failure error) {
  report_.file = std::move(error.file);
  return {error.code};
}

step_result restore_job::failed(failure error) {
  collect_damage();
  return fail(std::move(error));
}

// --- open: the backup, its keys, and this machine

step_result restore_job::open() {
  auto medium = config_->medium(path_);
  if (!medium) return fail(medium.error() == errc::path_not_found ? errc::no_backup : medium.error());  // [C90]
  medium_ = std::move(*medium);
  const auto files = medium_->list();
  if (!files) return fail(files.error());
  auto found = find(*files);
  if (!found) return fail(found.error());
  chain_ = std::move(*found);
  tell_generation();

  step_result out;
  if (what_for_ != purpose::verify)  // which needs no identity
    if (const auto opened = open_identity(out); !opened) return fail(opened.error());
  if (const auto opened = unlock_set(*files); !opened) return fail(opened.error());
  if (what_for_ == purpose::plan) {
    auto cursor = config_->store->open_cursor();
    if (!cursor && !out.needs_individualization) return fail(cursor.error());
    if (cursor) in_store_ = std::move(*cursor);
  }
  out.progress = done_so_far(true).progress;
  return out;
}

result<chain> restore_job::find(const std::vector<medium_entry>& files) {
  if (options_.salvage) {
    search_.emplace(*medium_, files, options_.generation);
    auto remains = search_->next(report_.damage);
    if (!remains) return remains.error().code;
    return chain{std::move(*remains)};
  }
  // A verification is about the newest generation, and not about the newest that happens to be whole.
  const std::uint32_t number =
      options_.generation == 0 && what_for_ == purpose::verify ? newest_generation(files) : options_.generation;
  auto found = find_generation(*medium_, files, number, report_.damage);
  if (!found || number != 0) report_.damage.clear();
  return found;
}

void restore_job::tell_generation() {
  report_.generation = chain_.front().manifest.generation;
  const auto& parent = chain_.front().manifest.parent;
  report_.builds_on = parent ? parent->generation : 0;
}

result<void> restore_job::open_identity(step_result& out) {
  const auto identity = config_->identity->public_identity();
  out.needs_individualization = !identity && identity.error() == errc::needs_individualization;
  if (!identity && !out.needs_individualization) return identity.error();
  // Before an identity is made that could not open what the store has: the old one may only be misplaced.
  needs_individualization_ = out.needs_individualization;
  if (out.needs_individualization)
    if (const auto readable = config_->store->open_cursor(); !readable) return readable.error();
  return {};
}

result<void> restore_job::unlock_set(const std::vector<medium_entry>& files) {
  auto opened = options_.salvage ? unlock_remains(*medium_, *search_, *config_, chain_.front(), report_)
                                 : engine::unlock_set(*medium_, chain_.front(), *config_);
  tell_generation();
  if (!opened) return opened.error();
  who_ = std::move(opened->identity);
  owner_ = std::move(opened->owner);
  managed_.owned_by(owner_ ? &*owner_ : nullptr, options_.take_over_machine_slot);
  if (options_.salvage)
    if (const auto begun = begin_salvage(files, opened->authentication); !begun) return begun;
  if (what_for_ == purpose::verify)
    if (const auto checked = check_other_files(files); !checked) return checked;
  for (const archive::parsed_manifest& each : chain_) plan_.depends_on(each.digest);
  if (selector_.needs_look()) look_ = make_reader();
  reader_ = make_reader();
  return {};
}

std::unique_ptr<restore_job::reader> restore_job::make_reader() {
  reading_options how = reading_by(*config_);
  if (options_.salvage) how.damage = tolerance::salvage;
  return merged_generations<archive_reader>(*medium_, chain_, *who_, how);
}

// The first damage ends a verification, unless it was asked to go on.
result<void> restore_job::check_other_files(const std::vector<medium_entry>& files) {
  if (!options_.salvage) {  // before anything is read of those that are there
    const auto present = check_volumes(chain_, files);
    if (!present && present.error() == errc::volume_missing) return present;
  }
  std::vector<backup_damage> found;
  if (const auto checked = find_sidecar_damage(*medium_, chain_, found); !checked) return checked;
  if (!options_.salvage && !found.empty()) return failed_at(found.front());
  report_.damage.insert(report_.damage.end(), found.begin(), found.end());
  return {};
}

failure restore_job::failed_at(const backup_damage& damage) {
  return {damage.error, damage.file};
}

result<void> restore_job::begin_salvage(const std::vector<medium_entry>& files, const secret_bytes& authentication) {
  if (const auto followed = follow_remains(*medium_, files, authentication, chain_, report_.damage); !followed)
    return followed;
  survey_.emplace(*medium_, chain_, *who_, reading_by(*config_));
  return survey_->read_indexes(report_.damage);
}

step_result restore_job::individualize() {
  const auto made = config_->identity->individualize();
  return {made ? error_code() : made.error()};
}

step_result restore_job::begin() {
  if (const auto sent = managed_.send_waiting_releases(); !sent) return fail(sent.error());
  auto batch = config_->store->begin_batch();
  if (!batch) return fail(batch.error());
  batch_ = std::move(*batch);
  // Only now nobody else can put a license that this restore would have to respect.
  const auto description = config_->store->describe();
  if (!description) return fail(description.error());
  store_was_empty_ = description->licenses == 0;
  return done_so_far(true);
}

// --- copy: from the reader to the batch

step_result restore_job::copy() {
  if (survey_ && !survey_->is_done()) {
    if (const auto looked = survey_->look_some(); !looked) return failed(looked.error());
    return done_so_far(true);
  }
  if (look_) {
    if (const auto looked = look_some(); !looked) return failed(looked.error());
    return done_so_far(true);
  }
  if (survey_ && !salvage_) salvage_.emplace(survey_->check());
  const std::uint64_t step_end = reader_->bytes_read() + step_bytes;
  while (reader_->bytes_read() < step_end) {
    const auto item = reader_->next();
    report_.bytes = reader_->bytes_read();
    if (!item) return failed(item.error());
    if (!*item) {
      const auto finished = finish();
      return finished ? all_copied() : failed(finished.error());
    }
    if (const auto taken = take((*item)->license); !taken) return failed(taken.error());
  }
  return done_so_far(true);
}

step_result restore_job::all_copied() const {
  step_result out = done_so_far(false);
  out.answer = {managed_.granted() != 0 || managed_.refused() == 0, managed_.reached_limit(), managed_.page(),
                refusal()};
  return out;
}

result<void> restore_job::look_some() {
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

result<void> restore_job::take(const license_record& item) {
  ++report_.licenses_seen;
  payload_bytes_ += item.payload.size();
  return salvage_ ? take_salvaged(item) : decide(item);
}

result<void> restore_job::take_salvaged(const license_record& item) {
  std::vector<license_id> lost;
  const auto verdict = salvage_->judge(item, reader_->source_of_last(), lost);
  for (const license_id& id : lost) report_lost(id);
  if (!verdict) return verdict.error();
  if (*verdict == salvage_check::verdict::gone) return {};
  const bool may_be_earlier = search_->is_behind_forged(report_.generation);
  return *verdict == salvage_check::verdict::whole && !may_be_earlier ? decide(item) : take_earlier(item);
}

// Beside a state that the store has an earlier one gives no use back, since the one that is further along counts.
result<void> restore_job::take_earlier(const license_record& item) {
  if (!selector_.takes(item)) return {};
  const auto present = present_version(item.id);
  if (!present) return present.error();
  if (!*present && item.state.uses_left) {
    pass_over(item, errc::license_lost);
    return {};
  }
  if (!*present && !refusal_by_right(item, *config_)) warn(item, errc::license_lost);
  return decide(item);
}

result<void> restore_job::decide(const license_record& item) {
  if (!selector_.takes(item)) return {};
  const bool is_managed = item.backup == backup_right::managed;
  const auto payload = is_managed ? std::optional<crypto::byte_span>() : item.payload;
  const auto about = view_metadata(item.metadata);
  auto said = issuers_.read_statement(item, about);
  if (const error_code objection = said ? issuers_.objection(*said, payload) : said.error().code) {
    pass_over(item, objection);
    return {};
  }
  const auto present = present_version(item.id);
  if (!present) return present.error();
  planned_action what = !*present ? planned_action::take : (*present)->revision < item.revision ? planned_action::renew : planned_action::keep;
  if (what == planned_action::keep && options_.repair) {
    const auto opened = config_->store->find(item.id);
    if (!opened && opened.error() != errc::license_damaged) return opened.error();
    if (!opened) what = planned_action::replace;
  }
  plan_.add(what, item);
  const bool asks = is_managed && what != planned_action::keep;
  if (asks) ++plan_.plan().machine_slots;
  if (asks && batch_) return take_managed(item, **std::move(said), present->value_or(license_version{}));
  chains_.add(item, about ? about->root : std::nullopt);
  ++(what == planned_action::keep ? report_.licenses_kept : report_.licenses_done);
  if (what == planned_action::keep || !batch_) return {};
  return store(item, present->value_or(license_version{}));
}

// Decided with others, later: see managed_restore.
result<void> restore_job::take_managed(const license_record& item, signed_statement said,
                                       const license_version& present) {
  if (const auto added = managed_.add(item, std::move(said), present); !added) {
    leave_out(report_, config_->limits, item, added.error().code);
    return {};
  }
  return managed_.is_full() ? ask_service() : result<void>();
}

result<void> restore_job::ask_service() {
  const auto asked = managed_.ask([this](const managed_restore::outcome& answer) { return take_answered(answer); });
  report_.help_url = managed_.page();
  return asked;
}

result<void> restore_job::take_answered(const managed_restore::outcome& answer) {
  if (answer.refused.failed()) {
    leave_out(report_, config_->limits, answer.license, answer.refused);
    return {};
  }
  chains_.add(answer.license, root_of(answer.license));
  ++report_.licenses_done;
  return store(answer.license, answer.present);
}

// Why nothing at all was stored, where that is the service's doing. [O16]
error_code restore_job::refusal() const noexcept {
  return report_.licenses_done + report_.licenses_kept == 0 ? managed_.refusal() : error_code();
}

// The state that is further along counts, and where that is not the backup's, the license has changed since.
result<void> restore_job::store(license_record item, const license_version& present) {
  const license_state backed_up = item.state;
  item.state = furthest_state(present.state, item.state);
  if (item.state != backed_up) item.revision = std::max(item.revision, present.revision) + 1;
  if (const auto put = batch_->put(item); !put) return put.error();
  return {};
}

result<std::optional<license_version>> restore_job::present_version(const license_id& id) {
  if (batch_) return store_was_empty_ ? result<std::optional<license_version>>(std::nullopt) : batch_->find(id);
  while (in_store_ && (!in_store_now_ || in_store_now_->id < id)) {
    const auto item = in_store_->next();
    if (!item) return item.error();
    in_store_now_ = *item;
    if (!in_store_now_) in_store_.reset();
  }
  if (!in_store_now_ || in_store_now_->id != id) return std::optional<license_version>();
  return std::optional(license_version{in_store_now_->revision, in_store_now_->state});
}

// --- the end

result<void> restore_job::finish() {
  if (const auto asked = ask_service(); !asked) return asked;
  std::ranges::sort(report_.outcomes, {}, &license_outcome::id);  // those that the service was asked about came late
  if (salvage_) {
    std::vector<license_id> lost;
    const auto finished = salvage_->finish(lost);
    for (const license_id& id : lost) report_lost(id);
    if (!finished) return finished;
    compare_indexes();
  } else if (what_for_ == purpose::verify) {
    if (const auto same = check_index(); !same) return same;
  }
  collect_damage();
  if (what_for_ == purpose::verify && !report_.damage.empty()) return failed_at(report_.damage.front());
  plan_.plan().generation = report_.generation;
  plan_.plan().needs_individualization = needs_individualization_;
  if (const auto agreed = plan_.finish(report_.outcomes); !agreed) return agreed;
  chains_.finish();
  for (const license_outcome& leaf : chains_.broken())
    if (report_.warnings.size() < config_->limits.outcomes) report_.warnings.push_back(leaf);
  if (what_for_ == purpose::plan) report_.plan = std::make_shared<const operation_plan>(plan_.take());
  return {};
}

// Every index must say what the volumes of its generation hold.
result<void> restore_job::check_index() {
  std::size_t i = 0;
  result<void> same;
  reader_->for_each([&](const archive_reader& volumes) {
    const archive::manifest& manifest = chain_[i++].manifest;
    if (!same) return;
    const auto contents = read_index(*medium_, manifest, *who_, reading_by(*config_));
    if (!contents)
      same = contents.error();
    else if (!crypto::equal(*contents, volumes.contents()))
      same = failure(errc::backup_damaged, archive::index_name(manifest.generation));
  });
  return same;
}

// The same in a salvage, where both could be read.
void restore_job::compare_indexes() {
  std::size_t i = 0;
  reader_->for_each([&](const archive_reader& volumes) {
    const auto& index = survey_->index(i);
    if (index && volumes.damage().empty() && !crypto::equal(*index, volumes.contents()))
      report_.damage.push_back({archive::index_name(chain_[i].manifest.generation), errc::backup_damaged});
    ++i;
  });
}

void restore_job::collect_damage() {
  if (!options_.salvage || !reader_ || std::exchange(damage_is_known_, true)) return;
  reader_->for_each([&](const archive_reader& volumes) {
    report_.damage.insert(report_.damage.end(), volumes.damage().begin(), volumes.damage().end());
  });
}

void restore_job::pass_over(const license_record& item, error_code reason) {
  leave_out(report_, config_->limits, item, reason);
  plan_.add(planned_action::leave_out, item, reason);
}

// Of a license that is gone only the id is known.
void restore_job::report_lost(const license_id& id) {
  license_record unknown;
  unknown.id = id;
  unknown.revision = 0;
  pass_over(unknown, errc::license_lost);
}

void restore_job::warn(const license_record& item, error_code what) {
  if (report_.warnings.size() < config_->limits.outcomes)
    report_.warnings.push_back({item.id, item.key, short_title_of(item), what});
}

step_result restore_job::commit() {
  // Whole and authentic: the reader has given the end. Now the store gets everything at once.
  const auto committed = batch_->commit();
  batch_.reset();
  issuers_.keep_learned();
  if (!committed) return fail(committed.error());
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
