// SPDX-License-Identifier: BSL-1.0
#include "volume_writer.hpp"

namespace reinstate::engine {

volume_writer::volume_writer(std::unique_ptr<medium_writer> file, age::file_start start)
    : file_(std::move(file)),
      key_(std::move(start.key)),
      pages_([this](crypto::byte_span page, bool last) { return write_page(page, last); }),
      header_(crypto::hash(crypto::byte_span(start.bytes).first(start.bytes.size() - age::payload_nonce_size))) {
}

result<std::unique_ptr<volume_writer>> volume_writer::begin(std::unique_ptr<medium_writer> file,
                                                            std::span<const x25519_public_key> recipients) {
  auto start = age::start_file(recipients);
  if (!start) return errc::identity_damaged;
  const std::vector<std::byte> header = start->bytes;
  std::unique_ptr<volume_writer> writer(new volume_writer(std::move(file), std::move(*start)));
  if (const auto written = writer->write(header); !written) return written.error();
  return writer;
}

result<void> volume_writer::write(crypto::byte_span bytes) {
  content_.update(bytes);
  size_ += bytes.size();
  return file_->write(bytes);
}

result<void> volume_writer::write_page(crypto::byte_span page, bool last) {
  sealed_.resize(page.size() + age::chunk_overhead);
  key_.seal(chunks_++, last, page, sealed_);
  return write(sealed_);
}

result<archive::listed_volume> volume_writer::finish() {
  if (const auto written = pages_.finish(); !written) return written.error();
  if (const auto durable = file_->finish(); !durable) return durable.error();
  return archive::listed_volume{size_, content_.finish(), header_};
}

}  // namespace reinstate::engine
