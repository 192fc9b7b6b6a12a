// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/backup_job.hpp"

#include "engine/backup/concurrent_backups.hpp"
#include "engine/backup/update_base.hpp"
#include "engine/generation/generation_readers.hpp"
#include "engine/generation/readme_file.hpp"
#include "engine/operation/step_size.hpp"
#include "engine/rules/left_out.hpp"
#include "engine/rules/operation_clock.hpp"
#include "engine/set/small_file.hpp"
#include "format/archive/archive_record.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

using effect = backup_effect;
using phase = operation_phase;

std::uint32_t next_generation(const std::vector<medium_entry>& files) {
  std::uint32_t newest = 0;
  for (const medium_entry& file : files) newest = std::max(newest, archive::generation_of(file.name).value_or(0));
  return newest + 1;
}

// Returns the meaning of an error in reading a backup just written: the medium did not keep it.
failure unkept(failure error) {
  for (const errc lost : {errc::volume_missing, errc::backup_truncated, errc::backup_damaged, errc::backup_mixed,
                          errc::backup_not_authentic, errc::path_not_found})
    if (error == lost) error.code = errc::medium_failed;
  return error;
}

}  // namespace

backup_job::backup_job(std::shared_ptr<const backup_restorer_config> config, std::string path, backup_options options,
                       purpose purpose)
    : config_(std::move(config)),
      path_(std::move(path)),
      options_(std::move(options)),
      purpose_(purpose),
      plan_(purpose == purpose::plan ? nullptr : options_.plan, config_->limits.outcomes),
      chains_(config_->limits.outcomes) {
  plan_.depends_on(crypto::bytes_of("backup"));
  plan_.depends_on(crypto::bytes_of(path_));
}

step_result backup_job::run(step next) {
  switch (next) {
    case step::open: return open();
    case step::copy: return copy();
    case step::check: return check();
    case step::commit: return commit();
    case step::clean_up: return clean_up();
    case step::abandon: return abandon();
    default: return {errc::invalid_argument};
  }
}

step_result backup_job::fail(failure error) {
  report_.file = std::move(error.file);
  return {error.code};
}

bool backup_job::has(backup_flags flag) const noexcept {
  return (static_cast<std::uint32_t>(options_.flags) & static_cast<std::uint32_t>(flag)) != 0;
}

step_result backup_job::done_so_far(phase phase, bool more) const {
  step_result out;
  out.more = more;
  if (phase == phase::checking) {
    std::uint64_t written = 0;
    for (const archive::listed_volume& volume : manifest_.volumes) written += volume.size;
    out.progress = {phase, manifest_.licenses, manifest_.licenses, check_->bytes_read(), written};
    return out;
  }
  const std::uint64_t seen = walk_->licenses_seen();
  out.progress = {phase, seen, seen, payload_bytes_, payload_bytes_};
  if (!more) return out;  // the store may hold fewer licenses by now
  // An update opens only what it writes, so the number of bytes is not known before the end.
  const std::uint64_t bytes = manifest_.parent ? 0 : total_.payload_bytes;
  out.progress.licenses_total = std::max(total_.licenses, seen);
  out.progress.bytes_total = std::max(bytes, payload_bytes_);
  return out;
}

// --- open: the keys, the store, and the first bytes on the medium

step_result backup_job::open() {
  auto medium = config_->medium(path_);
  if (!medium) return fail(medium.error());
  medium_ = std::move(*medium);
  const auto files = medium_->list();
  if (!files) return fail(files.error());
  const bool may_exist = has(backup_flags::overwrite) || has(backup_flags::update);
  if (!may_exist && holds_backup(*files)) return {errc::backup_exists};

  manifest_.generation = report_.generation = next_generation(*files);
  if (manifest_.generation > archive::max_generation) return {errc::backup_mixed};  // no writer makes so many
  manifest_.created = current_time(*config_);

  if (has_plan())
    for (const generation_found& each : all_generations(*medium_, *files))
      if (each.manifest) plan_.depends_on(each.manifest->digest);

  if (const auto opened = open_store(); !opened) return fail(opened.error());
  replaces_licenses_ = may_exist && may_hold_licenses(*medium_, *files);
  writer_.emplace(*medium_, manifest_, config_->limits.volume_bytes, config_->work);
  if (const auto opened = unlock_set(*files); !opened) return fail(opened.error());
  if (const auto opened = walk_->open(); !opened) return fail(opened.error());
  if (!is_plan())
    if (const auto begun = begin_writing(*files); !begun) return fail(begun.error());
  return done_so_far(looking(), true);
}

// Returns the phase that `copy` is in.
phase backup_job::looking() const {
  return is_plan() || walk_->is_looking() ? phase::comparing : phase::copying;
}

result<void> backup_job::open_store() {
  const auto description = config_->store->describe();
  if (!description) return description.error();
  total_ = *description;
  const auto machine = config_->identity->public_identity();
  // A machine that never had a license needs no identity to say so. [C67]
  const bool is_new = !machine && machine.error() == errc::needs_individualization && total_.licenses == 0;
  if (!machine && !is_new) return machine.error();
  if (machine) machine_ = machine->agreement;
  return {};
}

// Goes on with the present set or begins a new one.
result<void> backup_job::unlock_set(const std::vector<medium_entry>& files) {
  std::vector<backup_damage> passed_over;
  const auto newest = find_generation(*medium_, files, 0, passed_over);
  // If the medium fails or the format is newer, the backup must not be replaced unseen.
  if (!newest && !is_corruption(newest.error())) return newest.error();
  auto present = keys_to_go_on(*medium_, newest ? &newest->front() : nullptr, machine_, *config_, manifest_);
  if (!present) return present.error();
  begins_new_set_ = !*present;
  if (*present) {
    keys_ = std::move(**present);
    if (has(backup_flags::update)) return build_on(*newest, files, !passed_over.empty());
  } else if (!is_plan()) {
    auto keys = new_keys(machine_, *config_, manifest_);
    if (!keys) return keys.error();
    keys_ = std::move(*keys);
  }
  walk_.emplace(*config_, earlier_backup{}, options_.selection);
  return {};
}

// Goes on from the newest whole generation: adds to it, unless the next one is to hold everything.
result<void> backup_job::build_on(const chain& newest, const std::vector<medium_entry>& files, bool is_newest_damaged) {
  auto base =
      find_update_base({*medium_, files, newest, is_newest_damaged, *keys_.reader, *config_, options_, manifest_});
  if (!base) return base.error();
  const archive::parsed_manifest& parent = newest.front();
  goes_on_ = base->has_value();
  if (goes_on_) plan_.depends_on(parent.digest);
  if (goes_on_ && (*base)->adds) {
    manifest_.parent = archive::parent_generation{parent.manifest.generation, parent.digest};
    if (parent.manifest.parent) report_.builds_on = parent.manifest.parent->generation;  // if nothing has changed
    replaces_licenses_ = parent.manifest.licenses_in_all != 0;
  }
  walk_.emplace(*config_, goes_on_ ? std::move((*base)->before) : earlier_backup{}, options_.selection);
  return {};
}

result<void> backup_job::begin_writing(const std::vector<medium_entry>& files) {
  if (begins_new_set_)
    for (const slot_file& file : keys_.recovery)
      if (const auto added = writer_->add_file(file.name, file.bytes); !added) return added;
  if (const auto readme = write_readme(*medium_, files, manifest_, *writer_); !readme) return readme;
  std::vector<x25519_public_key> recipients{manifest_.recipient};
  if (machine_) recipients.push_back(*machine_);
  return writer_->begin(std::move(recipients), machine_ ? crypto::hash(*machine_) : crypto::digest{});
}

// --- copy: from the walk into pages

step_result backup_job::copy() {
  if (walk_->is_looking()) {
    if (const auto looked = walk_->look_some(); !looked) return fail(looked.error());
    return done_so_far(looking(), true);
  }
  std::vector<status_event> events;
  step_result out = copy_some(events);
  out.events = std::move(events);
  return out;
}

step_result backup_job::copy_some(std::vector<status_event>& events) {
  const std::uint64_t step_end = payload_bytes_ + step_bytes;
  for (std::uint64_t i = 0; i != step_licenses && payload_bytes_ < step_end; ++i) {
    const auto decision = walk_->next();
    report_.licenses_seen = walk_->licenses_seen();
    if (!decision) return fail(decision.error());
    if (!*decision) return finish_copying();
    if (const auto done = carry_out(**decision, events); !done) return fail(done.error());
  }
  return done_so_far(looking(), true);
}

result<void> backup_job::carry_out(const backup_decision& decision, std::vector<status_event>& events) {
  payload_bytes_ += decision.license.payload.size();
  plan_.add(decision.planned, decision.license, decision.reason);
  if (decision.planned == planned_action::leave_out) leave_out(decision, events);
  changes_anything_ |= decision.effect == effect::written || decision.effect == effect::removed;
  switch (decision.effect) {
    case effect::absent: return {};
    case effect::removed:
      report_.licenses_removed += decision.planned == planned_action::remove ? 1 : 0;
      if (is_plan() || !manifest_.parent) return {};  // a generation that holds everything has no removals
      return writer_->write(archive::removal_record{decision.license.id});
    case effect::stays:
    case effect::carried: report_.licenses_kept += decision.planned == planned_action::keep ? 1 : 0; break;
    case effect::written: ++report_.licenses_done; break;
  }
  if (!is_plan() && decision.effect != effect::stays)
    if (const auto written = write(decision); !written) return written;
  ++manifest_.licenses_in_all;
  chains_.add(decision.license, decision.root);
  return {};
}

// Writes a license. A managed one leaves the machine sealed to its service; a carried one is sealed already.
result<void> backup_job::write(const backup_decision& decision) {
  license_record item = decision.license;
  if (item.backup != backup_right::managed || decision.effect == effect::carried) return writer_->write(item);
  if (!sealer_) {
    auto made = managed::payload_sealer::make(*config_->identity, config_->service->description().key.agreement,
                                              manifest_.recipient, manifest_.created);
    if (!made) return made.error();
    sealer_.emplace(std::move(*made));
  }
  sealer_->seal(item.id, statement_of(item), item.payload, sealed_);
  item.payload = sealed_;
  return writer_->write(item);
}

void backup_job::leave_out(const backup_decision& decision, std::vector<status_event>& events) {
  const license_record& item = decision.license;
  engine::leave_out(report_, config_->limits, item, decision.reason);
  if (is_plan()) return;
  events.push_back(
      {status::restricted_license, decision.reason, license_reference{item.id, item.key, short_title_of(item)}});
}

step_result backup_job::finish_copying() {
  // A new disk has an empty store until licenses are restored: it must never replace a backup that holds licenses.
  if (manifest_.licenses_in_all == 0 && replaces_licenses_) return {errc::nothing_to_back_up};
  // If nothing has changed, the report is about the present generation.
  const bool is_unchanged = manifest_.parent && !changes_anything_;
  if (is_unchanged)
    report_.generation = manifest_.parent->generation;
  else if (manifest_.parent)
    report_.builds_on = manifest_.parent->generation;
  if (const auto agreed = finish_plan(is_unchanged); !agreed) return fail(agreed.error());
  chains_.finish();
  report_.warnings = chains_.broken();
  step_result out = done_so_far(looking(), false);
  out.nothing_to_do = is_unchanged;
  if (is_plan() || is_unchanged) return out;
  if (const auto finished = writer_->finish(); !finished) return fail(finished.error());
  report_.bytes = writer_->bytes();
  return out;
}

// Makes the plan, or checks that the decisions are those of the agreed one.
result<void> backup_job::finish_plan(bool is_unchanged) {
  if (!has_plan()) return {};
  const auto files = medium_->list();
  if (!files) return files.error();
  auto removed = is_unchanged ? removals() : to_remove(*files);
  if (!removed) return removed.error();
  operation_plan& plan = plan_.plan();
  plan.generation = report_.generation;
  plan.builds_on = report_.builds_on;
  plan.writes_nothing = is_unchanged;
  plan.begins_new_set = begins_new_set_;
  plan.generations_removed = std::move(removed->generations);
  const auto agreed = plan_.finish(report_.outcomes);
  if (!agreed || !is_plan()) return agreed;
  report_.plan = std::make_shared<const operation_plan>(plan_.take());
  return {};
}

// --- check: reads what was written, before the commit

step_result backup_job::check() {
  if (!check_) check_ = std::make_unique<archive_reader>(*medium_, manifest_, *keys_.reader, reading_by(*config_));
  const std::uint64_t step_end = check_->bytes_read() + step_bytes;
  while (check_->bytes_read() < step_end) {
    const auto item = check_->next();
    if (!item) return fail(unkept(item.error()));
    if (*item) continue;
    if (const auto same = check_index(); !same) return fail(unkept(same.error()));
    return done_so_far(phase::checking, false);
  }
  return done_so_far(phase::checking, true);
}

// Checks that the index has the entries of the volumes.
result<void> backup_job::check_index() {
  const auto contents = read_index(*medium_, manifest_, *keys_.reader, reading_by(*config_));
  if (!contents) return contents.error();
  if (!crypto::equal(*contents, check_->contents()))
    return failure(errc::backup_damaged, archive::index_name(manifest_.generation));
  return {};
}

result<void> backup_job::check_file(const std::string& name, crypto::byte_span content) {
  const auto bytes = read_small_file(*medium_, name, content.size());
  if (!bytes) return bytes.error();
  if (!std::ranges::equal(*bytes, content)) return failure(errc::medium_failed, name);
  return {};
}

// --- commit, and what comes after or instead

step_result backup_job::commit() {
  if (const auto alone = check_alone(*medium_, manifest_, keys_, writer_->created()); !alone)
    return fail(alone.error());
  for (const slot_file& file : keys_.recovery)
    if (const auto kept = check_file(file.name, file.bytes); !kept) return fail(unkept(kept.error()));
  const std::vector<std::byte> bytes = archive::write_manifest(manifest_, keys_.authentication);
  // The copy first: the manifest itself makes the generation exist.
  const std::string copy = archive::manifest_copy_name(manifest_.generation);
  const std::string manifest = archive::manifest_name(manifest_.generation);
  for (const std::string& name : {copy, manifest})
    if (const auto added = writer_->add_file(name, bytes); !added) return fail(added.error());
  if (const auto durable = writer_->make_durable(); !durable) return fail(durable.error());
  for (const std::string& name : {copy, manifest})
    if (const auto checked = check_file(name, bytes); !checked) return fail(checked.error());
  const auto there = check_still_there(*medium_, manifest_, writer_->created());
  return there ? step_result() : fail(there.error());
}

step_result backup_job::clean_up() {
  const auto files = medium_->list();
  if (!files) return fail(files.error());
  // If another process is writing a generation, it may build on those that would go.
  const auto is_newer = [&](const medium_entry& file) {
    return archive::generation_of(file.name).value_or(0) > manifest_.generation;
  };
  if (std::ranges::any_of(*files, is_newer)) return {};
  const auto superseded = to_remove(*files);
  if (!superseded) return fail(superseded.error());
  for (const std::string& name : superseded->files) {
    if (const auto removed = medium_->remove(name); !removed) return fail(removed.error());
    const std::uint32_t generation = *archive::generation_of(name);
    if (archive::is_manifest_name(name) && std::ranges::binary_search(superseded->generations, generation))
      report_.generations_removed.insert(report_.generations_removed.begin(), generation);
  }
  return {};
}

// Returns what this backup replaces. An older backup stays if a new one that builds on none does not have everything:
// it may hold the only copy of the rest. Without a flag there is nothing to replace but the files of interrupted
// backups, which can wait.
result<removals> backup_job::to_remove(const std::vector<medium_entry>& files) {
  if (has(backup_flags::update)) {
    auto own = own_generations(*medium_, files, *config_->identity);
    // A generation that took over from the one before it has all that those of its set had. Other sets may hold the
    // only copy of what the store could not give.
    if (!own) return own.error();
    if (walk_->passed_something_over())
      std::erase_if(*own, [&](const archive::manifest& each) { return !goes_on_ || each.set != manifest_.set; });
    return superfluous(files, manifest_, *own, options_.keep);
  }
  const bool replaces = has(backup_flags::overwrite) && !walk_->passed_something_over();
  return replaces ? everything_older(files, manifest_) : removals{};
}

step_result backup_job::abandon() {
  walk_.reset();
  check_.reset();
  report_.licenses_done = 0;
  report_.bytes = 0;
  if (!writer_) return {};
  writer_->close();
  // The manifest, if there is one, was created last and goes first. Files that a failing medium keeps have no manifest
  // and are removed by a later backup.
  const auto& created = writer_->created();
  for (auto name = created.rbegin(); name != created.rend(); ++name)
    if (!is_shared(*medium_, manifest_, *name) && !medium_->remove(*name)) return {};
  return {};
}

}  // namespace reinstate::engine
