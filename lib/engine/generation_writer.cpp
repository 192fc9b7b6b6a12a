// SPDX-License-Identifier: BSL-1.0
#include "generation_writer.hpp"

#include "archive_record.hpp"
#include "archive_set.hpp"
#include "backup_set.hpp"

#include <utility>

namespace reinstate::engine {

// --- files

// A new file, which is ours to remove again from the moment it exists and not before.
result<std::unique_ptr<medium_writer>> generation_writer::create(const std::string& name) {
  created_.push_back(name);  // first, so that nothing can fail once the file exists
  auto file = medium_.create(name);
  if (file) return file;
  created_.pop_back();
  where_ = name;
  const auto files = medium_.list();
  const bool is_taken = files && find_file(*files, name) != nullptr;
  return is_taken ? error_code(errc::medium_in_use) : file.error();
}

result<void> generation_writer::create_file(const std::string& name, crypto::byte_span content) {
  const auto file = create(name);
  if (!file) return file.error();
  where_ = name;
  if (const auto written = (*file)->write(content); !written) return written;
  if (const auto durable = (*file)->finish(); !durable) return durable;
  where_.clear();
  return {};
}

// --- licenses

result<void> generation_writer::begin(std::vector<x25519_public_key> recipients, const crypto::digest& machine) {
  recipients_ = std::move(recipients);
  machine_ = machine;
  return begin_volume();
}

result<void> generation_writer::begin_volume() {
  const auto number = static_cast<std::uint32_t>(what_.volumes.size() + 1);
  if (number > archive::max_volume) return errc::medium_full;
  const std::string name = archive::volume_name(what_.generation, number);
  auto file = create(name);
  if (!file) return file.error();
  auto volume = volume_writer::begin(std::move(*file), recipients_);
  if (!volume) {
    where_ = name;
    return volume.error();
  }
  volume_ = std::move(*volume);
  pages_ = std::make_unique<archive::page_writer>([this, name](crypto::byte_span page, bool last) {
    const auto written = volume_->write_page(page, last);
    if (!written) where_ = name;
    return written;
  });
  const archive::volume_header header{
      archive::format_version, what_.set, what_.generation, number, what_.parent, machine_, what_.created};
  crypto::secret_buffer record;
  archive::write_record(record, header);
  return pages_->append(record);
}

result<void> generation_writer::finish_volume() {
  if (const auto written = pages_->finish(); !written) return written;
  const auto file = volume_->finish();
  if (!file) {
    where_ = created_.back();
    return file.error();
  }
  what_.volumes.push_back(*file);
  bytes_ += file->size;
  volume_.reset();
  return {};
}

result<void> generation_writer::write(const license_record& item) {
  const std::size_t size = archive::encoded_size(item);
  const std::uint64_t volume_with_it = volume_->size() + 2 * age::sealed_chunk_size + size;
  if (volume_with_it > volume_bytes_ && volume_->size() > age::sealed_chunk_size) {
    if (const auto finished = finish_volume(); !finished) return finished;
    if (const auto begun = begin_volume(); !begun) return begun;
  }
  ++what_.licenses;
  what_.payload_bytes += item.payload.size();
  archive::add_to_contents(contents_, item);
  return pages_->append(size, [&](crypto::secret_buffer& page) { archive::write_record(page, item); });
}

result<void> generation_writer::finish() {
  const archive::archive_totals totals{what_.licenses, what_.payload_bytes,
                                       static_cast<std::uint32_t>(what_.volumes.size() + 1), contents_.finish()};
  crypto::secret_buffer record;
  archive::write_record(record, totals);
  if (const auto written = pages_->append(record); !written) return written;
  return finish_volume();
}

}  // namespace reinstate::engine
