// SPDX-License-Identifier: BSL-1.0
#include "backup_job.hpp"

#include "archive_record.hpp"
#include "outcomes.hpp"
#include "small_file.hpp"

#include <algorithm>
#include <chrono>

namespace reinstate::engine {
namespace {

using phase = operation_progress::phase;

std::uint32_t next_generation(const std::vector<medium_entry>& files) {
  std::uint32_t newest = 0;
  for (const medium_entry& file : files) newest = std::max(newest, archive::generation_of(file.name).value_or(0));
  return newest + 1;
}

// What it means that a backup just written cannot be read: the medium did not keep what it was given.
error_code unkept(const error_code& error) {
  for (const errc lost : {errc::volume_missing, errc::backup_truncated, errc::backup_damaged, errc::backup_mixed,
                          errc::backup_not_authentic, errc::path_not_found})
    if (error == lost) return errc::medium_failed;
  return error;
}

}  // namespace

backup_job::backup_job(std::shared_ptr<const backup_restorer_config> config, std::string path, bool overwrite)
    : config_(std::move(config)), path_(std::move(path)), overwrite_(overwrite) {
}

step_result backup_job::run(step what) {
  switch (what) {
    case step::open: return open();
    case step::copy: return copy();
    case step::check: return check();
    case step::commit: return commit();
    case step::clean_up: return clean_up();
    case step::abandon: return abandon();
    default: return {errc::invalid_argument};
  }
}

step_result backup_job::done_so_far(phase what, bool more) const {
  step_result out;
  out.more = more;
  if (what == phase::copying) {
    out.progress = {what, report_.licenses_seen, std::max(total_.licenses, report_.licenses_seen), payload_bytes_seen_,
                    std::max(total_.payload_bytes, payload_bytes_seen_)};
  } else {
    out.progress = {what, report_.licenses_done, report_.licenses_done, check_->bytes_read(), report_.bytes};
  }
  return out;
}

// --- open: the keys, the store, and the first bytes on the medium

step_result backup_job::open() {
  auto medium = config_->medium(path_);
  if (!medium) return {medium.error()};
  medium_ = std::move(*medium);
  writer_.emplace(*medium_, manifest_, config_->limits.volume_bytes, report_.where);
  const auto files = medium_->list();
  if (!files) return {files.error()};
  if (!overwrite_ && holds_backup(*files)) return {errc::backup_exists};

  manifest_.generation = report_.generation = next_generation(*files);
  if (manifest_.generation > archive::max_generation) return {errc::backup_mixed};  // no writer comes this far
  manifest_.created = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

  const auto description = config_->store->describe();
  if (!description) return {description.error()};
  total_ = *description;
  const auto machine = config_->identity->public_identity();
  // A machine that never had a license needs no identity to say so. [C67]
  const bool is_new = !machine && machine.error() == errc::needs_individualization && total_.licenses == 0;
  if (!machine && !is_new) return {machine.error()};
  if (machine) machine_ = machine->agreement;
  auto cursor = config_->store->open_cursor();
  if (!cursor) return {cursor.error()};
  cursor_ = std::move(*cursor);

  replaces_licenses_ = overwrite_ && may_hold_licenses(*medium_, *files);
  if (const auto keys = open_keys(*files); !keys) return {keys.error()};
  if (const auto readme = write_readme(*files); !readme) return {readme.error()};
  std::vector<x25519_public_key> recipients{manifest_.recipient};
  if (machine_) recipients.push_back(*machine_);
  const auto begun = writer_->begin(std::move(recipients), machine_ ? crypto::hash(*machine_) : crypto::digest{});
  if (!begun) return {begun.error()};
  return done_so_far(phase::copying, false);
}

result<void> backup_job::open_keys(const std::vector<medium_entry>& files) {
  const auto present = find_generation(*medium_, files, report_.where);
  if (!present && !is_corruption(present.error()))
    return present.error();  // a medium that fails, or a newer format: nothing to be replaced unseen
  report_.where.clear();
  auto keys = keys_for_backup(*medium_, present ? &*present : nullptr, machine_, *config_, manifest_);
  if (!keys) return keys.error();
  keys_ = std::move(*keys);
  if (keys_.goes_on) return {};
  for (const recovery_file& file : keys_.recovery)
    if (const auto created = writer_->create_file(file.name, file.bytes); !created) return created;
  return {};
}

// README.txt is for people, and people have texts of that name: theirs stays, and ours goes by its other name. No
// license depends on it, so a damaged one under that name may go before the new one is there.
result<void> backup_job::write_readme(const std::vector<medium_entry>& files) {
  const crypto::byte_span text = crypto::bytes_of(archive::readme_text());
  manifest_.readme = crypto::hash(text);
  for (const std::string_view name : archive::readme_names) {
    if (find_file(files, name) == nullptr) return writer_->create_file(std::string(name), text);
    const auto present = read_small_file(*medium_, name, max_text_file);
    if (present && std::ranges::equal(*present, text)) return {};
  }
  const std::string_view ours = archive::readme_names[1];
  if (const auto removed = medium_->remove(ours); !removed) return removed;
  return writer_->create_file(std::string(ours), text);
}

// --- copy: from the cursor through the rights check into pages

step_result backup_job::copy() {
  std::vector<status_event> events;
  const std::uint64_t slice_end = payload_bytes_seen_ + slice_bytes;
  // Licenses count as well as bytes: a store of very small ones must stay just as quick to cancel.
  const std::uint64_t slice_licenses = report_.licenses_seen + slice_bytes / 512;
  while (payload_bytes_seen_ < slice_end && report_.licenses_seen < slice_licenses) {
    const auto item = cursor_->next();
    if (!item) return {.error = item.error(), .events = std::move(events)};
    if (!*item) {
      cursor_.reset();  // the player may have its snapshot back
      if (const auto finished = finish_archive(); !finished)
        return {.error = finished.error(), .events = std::move(events)};
      step_result out = done_so_far(phase::copying, false);
      out.events = std::move(events);
      return out;
    }
    if (const auto taken = take(**item, events); !taken) return {.error = taken.error(), .events = std::move(events)};
  }
  step_result out = done_so_far(phase::copying, true);
  out.events = std::move(events);
  return out;
}

result<void> backup_job::take(license_record item, std::vector<status_event>& events) {
  if (report_.licenses_seen != 0 && item.id <= last_id_) return errc::store_failed;  // not in order
  last_id_ = item.id;
  ++report_.licenses_seen;
  if (const error_code refusal = refusal_of(item)) {
    leave_out(item, refusal, events);
    return {};
  }
  const auto payload = cursor_->payload();
  if (!payload && payload.error() != errc::license_damaged) return payload.error();
  if (!payload) {
    lost_something_ = true;
    leave_out(item, payload.error(), events);
    return {};
  }
  item.payload = *payload;
  payload_bytes_seen_ += item.payload.size();
  if (archive::encoded_size(item) > config_->limits.license_bytes) {
    lost_something_ = true;
    leave_out(item, errc::license_too_large, events);
    return {};
  }
  ++report_.licenses_done;
  return writer_->write(item);
}

void backup_job::leave_out(const license_record& item, error_code reason, std::vector<status_event>& events) {
  engine::leave_out(report_, config_->limits, item, reason);
  events.push_back({status::restricted_license, reason, license_reference{item.id, item.key, short_title_of(item)}});
}

result<void> backup_job::finish_archive() {
  // A new disk has an empty store until something was restored: that must never replace a backup that has licenses.
  if (report_.licenses_done == 0 && replaces_licenses_) return errc::nothing_to_back_up;
  const auto finished = writer_->finish();
  report_.bytes = writer_->bytes();
  return finished;
}

// --- check: what was written is restored into nothing before it counts

step_result backup_job::check() {
  if (!check_)
    check_ = std::make_unique<archive_reader>(*medium_, manifest_, *keys_.reader, config_->limits.license_bytes);
  const std::uint64_t slice_end = check_->bytes_read() + slice_bytes;
  while (check_->bytes_read() < slice_end) {
    const auto item = check_->next();
    if (!item) {
      report_.where = check_->where();
      return {unkept(item.error())};
    }
    if (!*item) return done_so_far(phase::checking, false);
  }
  return done_so_far(phase::checking, true);
}

result<void> backup_job::check_file(const std::string& name, crypto::byte_span content) {
  report_.where = name;
  const auto bytes = read_small_file(*medium_, name, content.size());
  if (!bytes) return bytes.error();
  if (!std::ranges::equal(*bytes, content)) return errc::medium_failed;
  report_.where.clear();
  return {};
}

// --- commit, and what comes after or instead

// Two backups at once: the one that finds the other's result, or its own files gone, gives way.
result<void> backup_job::check_alone() {
  const auto files = medium_->list();
  if (!files) return files.error();
  const auto is_newer = [&](const medium_entry& file) {
    return archive::is_manifest_name(file.name) && archive::generation_of(file.name) > manifest_.generation;
  };
  const auto is_missing = [&](const std::string& name) { return find_file(*files, name) == nullptr; };
  if (std::ranges::any_of(*files, is_newer) || std::ranges::any_of(writer_->created(), is_missing))
    return errc::medium_in_use;
  return {};
}

step_result backup_job::commit() {
  if (const auto alone = check_alone(); !alone) return {alone.error()};
  for (const recovery_file& file : keys_.recovery)
    if (const auto kept = check_file(file.name, file.bytes); !kept) return {unkept(kept.error())};
  const std::vector<std::byte> bytes = archive::write_manifest(manifest_, keys_.authentication);
  const std::string name = archive::manifest_name(manifest_.generation);
  if (const auto created = writer_->create_file(name, bytes); !created) return {created.error()};
  const auto checked = check_file(name, bytes);
  return {checked ? error_code() : checked.error()};
}

step_result backup_job::clean_up() {
  // An older backup stays where a license could not be read: it may be the only place that still has it.
  // Without the flag there is nothing to replace, only what an interrupted backup may have left: that can wait.
  if (lost_something_ || !overwrite_) return {};
  auto files = medium_->list();
  if (!files) return {files.error()};
  std::erase_if(*files, [&](const medium_entry& file) {
    const auto generation = archive::generation_of(file.name);
    return !generation || *generation >= manifest_.generation || is_recovery_file(file.name);
  });
  // Manifests first: a generation that is half removed must not look like one that is damaged.
  std::stable_partition(files->begin(), files->end(),
                        [](const medium_entry& file) { return archive::is_manifest_name(file.name); });
  for (const medium_entry& file : *files)
    if (const auto removed = medium_->remove(file.name); !removed) return {removed.error()};
  return {};
}

step_result backup_job::abandon() {
  cursor_.reset();
  check_.reset();
  if (!writer_) return {};
  writer_->close();
  // The manifest, if there is one, was created last and goes first. What a failing medium keeps has no manifest and is
  // removed by a later backup.
  const auto& created = writer_->created();
  for (auto name = created.rbegin(); name != created.rend(); ++name)
    if (!is_shared(*name) && !medium_->remove(*name)) return {};
  report_.licenses_done = 0;
  report_.bytes = 0;
  return {};
}

bool backup_job::is_recovery_file(const std::string& name) const {
  return std::ranges::any_of(keys_.recovery, [&](const recovery_file& file) { return file.name == name; });
}

// Whether another backup, made while this one was, may rely on a file of this one: on README.txt any, on the recovery
// file one that went on with this set.
bool backup_job::is_shared(const std::string& name) {
  const bool is_recovery = is_recovery_file(name);
  if (!is_recovery && name.find('/') != std::string::npos) return false;
  const auto files = medium_->list();
  return files && std::ranges::any_of(*files, [&](const medium_entry& file) {
           const auto generation = archive::generation_of(file.name);
           return generation &&
                  (is_recovery ? *generation > manifest_.generation : *generation != manifest_.generation);
         });
}

}  // namespace reinstate::engine
