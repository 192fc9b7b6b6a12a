// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/archive_reader.hpp"

#include "engine/set/backup_set.hpp"

namespace reinstate::engine {

archive_reader::archive_reader(backup_medium& medium, archive::manifest manifest, const age::identity& identity,
                               const reading_options& options)
    : medium_(medium), manifest_(std::move(manifest)), identity_(identity), options_(options) {
}

std::string archive_reader::volume_name() const {
  return archive::volume_name(manifest_.generation, volume_number_ == 0 ? 1 : volume_number_);
}

result<std::optional<archived>> archive_reader::next() {
  auto item = next_item();
  if (!item) return failure(item.error().code, volume_name());
  return item;
}

result<std::optional<archived>> archive_reader::next_item() {
  for (;;) {
    if (!volume_) {
      const auto opened = open_next_volume();
      if (!opened) return opened.error();
      if (*opened == volume::no_more) return std::optional<archived>();
    }
    const auto record = volume_->next_record();
    if (!record) return record.error();
    if (!*record) {
      if (at_volume_start_ && !salvages()) return errc::backup_damaged;
      leave_volume();
      continue;
    }
    const auto parsed = archive::parse_record(**record);
    auto item = parsed ? accept(parsed->record) : failure(parsed.error());
    if (!item && salvages() && is_corruption(item.error())) {
      volume_->reject_page();
      continue;
    }
    if (!item || *item) return item;
  }
}

result<archive_reader::volume> archive_reader::open_next_volume() {
  while (volume_number_ != manifest_.volumes.size()) {
    ++volume_number_;
    auto opened =
        volume_reader::open(medium_, volume_name(), manifest_.volumes[volume_number_ - 1], identity_, options_);
    if (opened) {
      volume_ = std::move(*opened);
      at_volume_start_ = true;
      return volume::opened;
    }
    if (!salvages() || !is_corruption(opened.error())) return opened.error();
    note_damage(opened.error());
  }
  if (!ended_ && !salvages()) return errc::backup_damaged;
  if (!ended_ && damage_.empty()) note_damage(errc::backup_damaged);
  return volume::no_more;
}

void archive_reader::note_damage(error_code error) {
  damage_.push_back({volume_name(), error});
}

void archive_reader::leave_volume() {
  if (volume_->damage()) note_damage(volume_->damage());
  earlier_bytes_ += volume_->bytes_read();
  volume_.reset();
}

// Returns the license or removal if the record is one, or nullopt.
result<std::optional<archived>> archive_reader::accept(const archive::record& record) {
  const auto done = [](const result<void>& accepted) -> result<std::optional<archived>> {
    if (!accepted) return accepted.error();
    return std::optional<archived>();
  };
  if (const auto* header = std::get_if<archive::volume_header>(&record)) return done(accept_header(*header));
  if ((at_volume_start_ && !salvages()) || ended_) return errc::backup_damaged;
  if (const auto* totals = std::get_if<archive::archive_totals>(&record)) return done(accept_totals(*totals));
  if (const auto* license = std::get_if<license_record>(&record)) {
    if (const auto accepted = accept_entry(archive::entry_of(*license)); !accepted) return accepted.error();
    seen_.payload_bytes += license->payload.size();
    return std::optional(archived{*license, false});
  }
  if (const auto* removal = std::get_if<archive::removal_record>(&record)) {
    if (const auto accepted = accept_entry(archive::entry_of(*removal)); !accepted) return accepted.error();
    archived out;
    out.license.id = removal->id;
    out.is_removal = true;
    return std::optional(out);
  }
  if (std::holds_alternative<archive::index_block>(record)) return errc::backup_damaged;
  return std::optional<archived>();  // a kind of record that a later version added
}

result<void> archive_reader::accept_header(const archive::volume_header& header) {
  if (!at_volume_start_) return errc::backup_damaged;
  at_volume_start_ = false;
  if (!is_header_of(manifest_, header) || header.volume != volume_number_) return errc::backup_mixed;
  return {};
}

result<void> archive_reader::accept_entry(const archive::index_entry& entry) {
  at_volume_start_ = false;
  if (last_id_ && entry.id <= *last_id_) return errc::backup_damaged;
  last_id_ = entry.id;
  ++(entry.is_removal ? seen_.removals : seen_.licenses);
  contents_.update(archive::encode(entry));
  return {};
}

result<void> archive_reader::accept_totals(const archive::archive_totals& totals) {
  seen_.volumes = volume_number_;
  seen_.contents = contents_.finish();
  ended_ = true;
  const bool is_complete = totals == seen_ && volume_number_ == manifest_.volumes.size() &&
                           totals.licenses == manifest_.licenses && totals.payload_bytes == manifest_.payload_bytes &&
                           totals.removals == manifest_.removals;
  if (is_complete || !damage_.empty() || volume_->damage()) return {};  // then it is known that licenses are missing
  return errc::backup_damaged;
}

}  // namespace reinstate::engine
