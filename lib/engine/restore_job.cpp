// SPDX-License-Identifier: BSL-1.0
#include "restore_job.hpp"

#include "outcomes.hpp"
#include "recovery_file.hpp"
#include "small_file.hpp"

namespace reinstate::engine {

restore_job::restore_job(std::shared_ptr<const backup_restorer_config> config, std::string path, target into)
    : config_(std::move(config)), path_(std::move(path)), into_(into) {
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
  step_result out;
  out.more = more;
  out.progress = {operation_progress::phase::copying, report_.licenses_seen, manifest_.licenses, payload_bytes_,
                  manifest_.payload_bytes};
  return out;
}

step_result restore_job::open() {
  auto medium = config_->medium(path_);
  if (!medium) return {medium.error() == errc::path_not_found ? errc::no_backup : medium.error()};  // [C90]
  medium_ = std::move(*medium);
  const auto files = medium_->list();
  if (!files) return {files.error()};
  auto found = find_generation(*medium_, *files, report_.where);
  if (!found) return {found.error()};
  report_.generation = found->what.generation;

  step_result out;
  if (into_ == target::store) {  // a verification needs no identity
    const auto identity = config_->identity->public_identity();
    out.needs_individualization = !identity && identity.error() == errc::needs_individualization;
    if (!identity && !out.needs_individualization) return {identity.error()};
    // Before an identity is made that could not open what the store has: the old one may only be misplaced.
    if (out.needs_individualization)
      if (const auto readable = config_->store->open_cursor(); !readable) return {readable.error()};
  }
  auto who = open_set(*medium_, *found, *config_, report_.where);
  if (!who) return {who.error()};
  who_ = std::move(*who);
  manifest_ = std::move(found->what);
  if (into_ == target::nothing)
    if (const auto others = check_other_files(manifest_, *files); !others) return {others.error()};
  reader_ = std::make_unique<archive_reader>(*medium_, manifest_, *who_, config_->limits.license_bytes);

  out.progress = done_so_far(false).progress;
  return out;
}

// The files a restore can do without, if it has the keys: the recovery file and README.txt.
result<void> restore_job::check_other_files(const archive::manifest& manifest, const std::vector<medium_entry>& files) {
  if (const auto volumes = check_volumes(manifest, files, report_.where);
      !volumes && volumes.error() == errc::volume_missing)
    return volumes;
  const auto recovery = find_recovery_file(*medium_, manifest, report_.where);
  if (!recovery) return recovery.error();
  if (recovery->listed() != manifest.recovery) {
    report_.where = recovery->name;
    return errc::recovery_file_damaged;
  }
  const auto readme = check_readme(archive::readme_names[0], manifest.readme);
  if (readme || check_readme(archive::readme_names[1], manifest.readme)) return {};
  report_.where = archive::readme_names[0];
  return readme;
}

result<void> restore_job::check_readme(std::string_view name, const crypto::digest& content) {
  const auto bytes = read_small_file(*medium_, name, max_text_file);
  if (!bytes && bytes.error() == errc::path_not_found) return errc::volume_missing;
  if (!bytes) return bytes.error();
  if (!crypto::equal(crypto::hash(*bytes), content)) return errc::backup_damaged;
  return {};
}

step_result restore_job::individualize() {
  const auto made = config_->identity->individualize();
  return {made ? error_code() : made.error()};
}

step_result restore_job::begin() {
  auto batch = config_->store->begin_batch();
  if (!batch) return {batch.error()};
  batch_ = std::move(*batch);
  // Only now nobody else can put a license that this restore would have to respect.
  const auto description = config_->store->describe();
  if (!description) return {description.error()};
  store_was_empty_ = description->licenses == 0;
  return done_so_far(false);
}

step_result restore_job::copy() {
  const std::uint64_t slice_end = reader_->bytes_read() + slice_bytes;
  while (reader_->bytes_read() < slice_end) {
    const auto item = reader_->next();
    report_.bytes = reader_->bytes_read();
    if (!item) {
      report_.where = reader_->where();
      return {item.error()};
    }
    if (!*item) return done_so_far(false);
    if (const auto taken = take(**item); !taken) return {taken.error()};
  }
  return done_so_far(true);
}

result<void> restore_job::take(const license_record& item) {
  ++report_.licenses_seen;
  payload_bytes_ += item.payload.size();
  if (const error_code refusal = refusal_of(item)) {
    leave_out(report_, config_->limits, item, refusal);
    return {};
  }
  if (into_ == target::store) return store(item);
  ++report_.licenses_done;
  return {};
}

// Of two revisions the newer one counts, with the state that is further along; the same or an older one changes
// nothing.
result<void> restore_job::store(const license_record& item) {
  license_record merged = item;
  if (!store_was_empty_) {
    const auto present = batch_->find(item.id);
    if (!present) return present.error();
    if (*present && (*present)->revision >= item.revision) {
      ++report_.licenses_kept;
      return {};
    }
    if (*present) merged.state = most_used((*present)->state, item.state);
  }
  ++report_.licenses_done;
  return batch_->put(merged);
}

step_result restore_job::commit() {
  // Whole and authentic: the reader has given the end. Now the store gets everything at once.
  const auto committed = batch_->commit();
  batch_.reset();
  if (!committed) return {committed.error()};
  return {report_.licenses_left_out == 0 ? error_code() : make_error_code(errc::not_all_licenses_stored)};
}

step_result restore_job::abandon() {
  batch_.reset();  // takes back what it put
  report_.licenses_done = report_.licenses_kept = 0;
  return {};
}

}  // namespace reinstate::engine
