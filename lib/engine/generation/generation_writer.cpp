// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/generation_writer.hpp"

#include "engine/set/backup_set.hpp"
#include "format/archive/archive_record.hpp"
#include "format/archive/archive_set.hpp"

#include <utility>

namespace reinstate::engine {

// --- files

// Creates a file and records it as created by this writer, from the moment it exists.
result<std::unique_ptr<medium_writer>> generation_writer::create(const std::string& name) {
  created_.push_back(name);  // first, so that nothing can fail once the file exists
  auto file = medium_.create(name);
  if (file) return file;
  created_.pop_back();
  const auto files = medium_.list();
  const bool is_taken = files && find_file(*files, name) != nullptr;
  return failure(is_taken ? make_error_code(errc::medium_in_use) : file.error(), name);
}

result<void> generation_writer::add_file(const std::string& name, crypto::byte_span content) {
  auto file = create(name);
  if (!file) return file.error();
  if (const auto written = in_file(name, (*file)->write(content)); !written) return written;
  (*file)->begin_finish();
  written_.push_back({name, std::move(*file)});
  return {};
}

result<void> generation_writer::make_durable() {
  for (written_file& each : written_)
    if (const auto durable = in_file(each.name, each.file->finish()); !durable) return durable;
  written_.clear();
  return {};
}

// --- licenses

result<void> generation_writer::begin(std::vector<x25519_public_key> recipients, const crypto::digest& machine) {
  recipients_ = std::move(recipients);
  machine_ = machine;
  if (const auto begun = begin_volume(); !begun) return begun;
  auto index = begin_file(archive::index_name(manifest_.generation), 0);
  if (!index) return index.error();
  index_ = std::move(*index);
  return {};
}

void generation_writer::close() noexcept {
  written_.clear();
  volume_.reset();
  index_.reset();
}

result<std::unique_ptr<volume_writer>> generation_writer::begin_file(const std::string& name, std::uint32_t volume) {
  auto created = create(name);
  if (!created) return created.error();
  auto file = in_file(name, volume_writer::begin(std::move(*created), recipients_, helpers_));
  if (!file) return file;
  const std::optional<crypto::digest> parent =
      manifest_.parent ? std::optional(manifest_.parent->manifest) : std::nullopt;
  const archive::volume_header header{
      archive::format_version, manifest_.set, manifest_.generation, volume, parent, machine_, manifest_.created};
  crypto::secret_buffer record;
  archive::write_record(record, header);
  if (const auto written = in_file(name, (*file)->append(record)); !written) return written.error();
  return file;
}

result<archive::listed_volume> generation_writer::end_file(volume_writer& file, const std::string& name) {
  auto listed = in_file(name, file.end());
  if (!listed) return listed;
  bytes_ += listed->size;
  written_.push_back({name, file.take_file()});
  written_.back().file->begin_finish();
  return listed;
}

result<void> generation_writer::begin_volume() {
  const auto number = static_cast<std::uint32_t>(manifest_.volumes.size() + 1);
  if (number > archive::max_volume) return errc::medium_full;
  volume_name_ = archive::volume_name(manifest_.generation, number);
  auto volume = begin_file(volume_name_, number);
  if (!volume) return volume.error();
  volume_ = std::move(*volume);
  return {};
}

result<void> generation_writer::end_volume() {
  const auto listed = end_file(*volume_, volume_name_);
  if (!listed) return listed.error();
  manifest_.volumes.push_back(*listed);
  volume_.reset();
  return {};
}

// Begins a new volume if a record of `size` bytes could make this one too large.
result<void> generation_writer::make_room(std::size_t size) {
  const std::uint64_t size_with_record = volume_->size() + 2 * age::sealed_chunk_size + size;
  if (size_with_record <= volume_bytes_ || volume_->size() <= age::sealed_chunk_size) return {};
  if (const auto ended = end_volume(); !ended) return ended;
  if (const auto durable = make_durable(); !durable)
    return durable;  // so that the medium never has much to catch up with
  return begin_volume();
}

result<void> generation_writer::write(const license_record& item) {
  const std::size_t size = archive::encoded_size(item);
  if (const auto room = make_room(size); !room) return room;
  ++manifest_.licenses;
  manifest_.payload_bytes += item.payload.size();
  const auto write = [&](crypto::secret_buffer& page) { archive::write_record(page, item); };
  if (const auto written = in_file(volume_name_, volume_->append(size, write)); !written) return written;
  return add_to_index(archive::entry_of(item));
}

result<void> generation_writer::write(const archive::removal_record& item) {
  crypto::secret_buffer record;
  archive::write_record(record, item);
  if (const auto room = make_room(record.size()); !room) return room;
  ++manifest_.removals;
  if (const auto written = in_file(volume_name_, volume_->append(record)); !written) return written;
  return add_to_index(archive::entry_of(item));
}

result<void> generation_writer::add_to_index(const archive::index_entry& entry) {
  const archive::index_entry_bytes bytes = archive::encode(entry);
  contents_.update(bytes);
  block_.insert(block_.end(), bytes.begin(), bytes.end());
  const bool is_full = block_.size() == archive::index_block_entries * archive::index_entry_size;
  return is_full ? write_index_block() : result<void>();
}

result<void> generation_writer::write_index_block() {
  crypto::secret_buffer record;
  archive::write_record(record, archive::index_block{block_});
  block_.clear();
  return in_file(archive::index_name(manifest_.generation), index_->append(record));
}

result<void> generation_writer::finish() {
  archive::archive_totals totals{manifest_.licenses, manifest_.payload_bytes,
                                 static_cast<std::uint32_t>(manifest_.volumes.size() + 1), contents_.finish(),
                                 manifest_.removals};
  crypto::secret_buffer record;
  archive::write_record(record, totals);
  if (const auto written = in_file(volume_name_, volume_->append(record)); !written) return written;
  if (const auto ended = end_volume(); !ended) return ended;
  if (const auto ended = end_index(record); !ended) return ended;
  return make_durable();
}

result<void> generation_writer::end_index(crypto::byte_span totals) {
  if (!block_.empty())
    if (const auto written = write_index_block(); !written) return written;
  const std::string name = archive::index_name(manifest_.generation);
  if (const auto written = in_file(name, index_->append(totals)); !written) return written;
  const auto listed = end_file(*index_, name);
  if (!listed) return listed.error();
  manifest_.index = *listed;
  index_.reset();
  return {};
}

}  // namespace reinstate::engine
