// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/index_reader.hpp"

#include "engine/set/backup_set.hpp"

#include <utility>

namespace reinstate::engine {

index_reader::index_reader(backup_medium& medium, archive::manifest manifest, const age::identity& identity,
                           const reading_options& options)
    : medium_(medium), manifest_(std::move(manifest)), identity_(identity), options_(options) {
}

result<std::optional<archive::index_entry>> index_reader::next() {
  auto entry = next_entry();
  if (!entry) return failure(entry.error().code, file_name());
  return entry;
}

result<std::optional<archive::index_entry>> index_reader::next_entry() {
  if (!file_) {
    auto file = volume_reader::open(medium_, file_name(), manifest_.index, identity_, options_);
    if (!file) return file.error();
    file_ = std::move(*file);
  }
  while (block_.empty()) {
    const auto record = file_->next_record();
    if (!record) return record.error();
    if (!*record) return ended_ ? result<std::optional<archive::index_entry>>(std::nullopt) : errc::backup_damaged;
    const auto parsed = archive::parse_record(**record);
    if (!parsed) return parsed.error();
    if (const auto accepted = accept(parsed->record); !accepted) return accepted.error();
  }
  const crypto::byte_span bytes = block_.first(archive::index_entry_size);
  block_ = block_.subspan(bytes.size());
  auto entry = archive::decode_entry(bytes);
  if (!entry || (last_id_ && entry->id <= *last_id_)) return errc::backup_damaged;
  last_id_ = entry->id;
  ++(entry->is_removal ? removals_ : licenses_);
  contents_.update(bytes);
  return entry;
}

result<void> index_reader::accept(const archive::record& record) {
  if (const auto* header = std::get_if<archive::volume_header>(&record)) {
    if (std::exchange(has_begun_, true)) return errc::backup_damaged;
    const bool is_ours = is_header_of(manifest_, *header) && header->volume == 0;
    return is_ours ? result<void>() : errc::backup_mixed;
  }
  if (!has_begun_ || ended_) return errc::backup_damaged;
  if (const auto* totals = std::get_if<archive::archive_totals>(&record)) return accept_totals(*totals);
  if (const auto* block = std::get_if<archive::index_block>(&record)) {
    block_ = block->entries;
    return {};
  }
  const bool is_of_later_version = std::holds_alternative<archive::unknown_record>(record);
  return is_of_later_version ? result<void>() : errc::backup_damaged;
}

result<void> index_reader::accept_totals(const archive::archive_totals& totals) {
  ended_ = true;
  totals_ = totals;
  const archive::archive_totals expected{manifest_.licenses, manifest_.payload_bytes,
                                         static_cast<std::uint32_t>(manifest_.volumes.size()), contents_.finish(),
                                         manifest_.removals};
  const bool is_complete = totals == expected && totals.licenses == licenses_ && totals.removals == removals_;
  return is_complete ? result<void>() : errc::backup_damaged;
}

result<crypto::digest> read_index(backup_medium& medium, const archive::manifest& manifest,
                                  const age::identity& identity, const reading_options& options) {
  index_reader index(medium, manifest, identity, options);
  for (;;) {
    const auto entry = index.next();
    if (!entry) return entry.error();
    if (!*entry) return index.contents();
  }
}

}  // namespace reinstate::engine
