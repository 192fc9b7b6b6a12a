// SPDX-License-Identifier: BSL-1.0
#include "archive_reader.hpp"

namespace reinstate::engine {

archive_reader::archive_reader(backup_medium& medium, archive::manifest manifest, const age::identity& who,
                               std::size_t max_record)
    : medium_(medium), manifest_(std::move(manifest)), who_(who), records_(max_record) {
}

std::string archive_reader::where() const {
  return archive::volume_name(manifest_.generation, volume_number_ == 0 ? 1 : volume_number_);
}

result<std::optional<license_record>> archive_reader::next() {
  for (;;) {
    const auto step = records_.next();
    if (!step) return step.error();
    if (step->what == archive::page_reader::state::needs_page) {
      const auto more = next_page();
      if (!more) return more.error();
      if (*more == page::no_more) return std::optional<license_record>();
      continue;
    }
    const auto parsed = archive::parse_record(step->content);
    if (!parsed) return parsed.error();
    const auto license = accept(parsed->what);
    if (!license || *license) return license;
  }
}

result<archive_reader::page> archive_reader::next_page() {
  if (volume_) {
    const auto next = volume_->next_page();
    if (!next) return next.error();
    if (*next) {
      records_.add_page(**next);
      return page::added;
    }
    if (at_volume_start_ || records_.inside_record()) return errc::backup_damaged;
    earlier_bytes_ += volume_->bytes_read();
    volume_.reset();
    if (volume_number_ == manifest_.volumes.size()) {
      if (!ended_) return errc::backup_damaged;
      return page::no_more;
    }
  }
  ++volume_number_;
  auto volume = volume_reader::open(medium_, where(), manifest_.volumes[volume_number_ - 1], who_);
  if (!volume) return volume.error();
  volume_ = std::move(*volume);
  at_volume_start_ = true;
  return next_page();
}

// Gives the record back if it is a license.
result<std::optional<license_record>> archive_reader::accept(const archive::record& record) {
  const auto done = [](const result<void>& accepted) -> result<std::optional<license_record>> {
    if (!accepted) return accepted.error();
    return std::optional<license_record>();
  };
  if (const auto* header = std::get_if<archive::volume_header>(&record)) return done(accept_header(*header));
  if (at_volume_start_ || ended_) return errc::backup_damaged;
  if (const auto* totals = std::get_if<archive::archive_totals>(&record)) return done(accept_totals(*totals));
  if (const auto* license = std::get_if<license_record>(&record)) {
    if (const auto accepted = accept_license(*license); !accepted) return accepted.error();
    return std::optional(*license);
  }
  return std::optional<license_record>();  // of a kind that a later version added
}

result<void> archive_reader::accept_header(const archive::volume_header& header) {
  if (!at_volume_start_) return errc::backup_damaged;
  at_volume_start_ = false;
  if (header.set != manifest_.set || header.generation != manifest_.generation || header.volume != volume_number_ ||
      header.parent != manifest_.parent)
    return errc::backup_mixed;
  return {};
}

result<void> archive_reader::accept_license(const license_record& item) {
  if (last_id_ && item.id <= *last_id_) return errc::backup_damaged;
  last_id_ = item.id;
  ++seen_.licenses;
  seen_.payload_bytes += item.payload.size();
  archive::add_to_contents(contents_, item);
  return {};
}

result<void> archive_reader::accept_totals(const archive::archive_totals& totals) {
  seen_.volumes = volume_number_;
  seen_.contents = contents_.finish();
  if (totals != seen_ || volume_number_ != manifest_.volumes.size() || totals.licenses != manifest_.licenses ||
      totals.payload_bytes != manifest_.payload_bytes)
    return errc::backup_damaged;
  ended_ = true;
  return {};
}

}  // namespace reinstate::engine
