// SPDX-License-Identifier: BSL-1.0
#include "volume_writer.hpp"

#include "age_recipient.hpp"

namespace reinstate::engine {

volume_writer::volume_writer(std::unique_ptr<medium_writer> file, age::stream_key key)
    : file_(std::move(file)), key_(std::move(key)) {
}

result<std::unique_ptr<volume_writer>> volume_writer::begin(std::unique_ptr<medium_writer> file,
                                                            std::span<const x25519_public_key> recipients) {
  auto start = age::start_file(recipients);
  if (!start) return errc::identity_damaged;
  std::unique_ptr<volume_writer> writer(new volume_writer(std::move(file), std::move(start->key)));
  if (const auto written = writer->write(start->bytes); !written) return written.error();
  return writer;
}

result<void> volume_writer::write(crypto::byte_span bytes) {
  content_.update(bytes);
  size_ += bytes.size();
  return file_->write(bytes);
}

result<void> volume_writer::write_page(crypto::byte_span page, bool last) {
  sealed_.resize(page.size() + age::chunk_overhead);
  key_.seal(pages_++, last, page, sealed_);
  return write(sealed_);
}

result<archive::listed_file> volume_writer::finish() {
  if (const auto durable = file_->finish(); !durable) return durable.error();
  return archive::listed_file{size_, content_.finish()};
}

}  // namespace reinstate::engine
