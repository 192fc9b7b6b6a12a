// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/volume_writer.hpp"

namespace reinstate::engine {

volume_writer::volume_writer(std::unique_ptr<medium_writer> file, age::file_start start,
                             boost::asio::any_io_executor helpers)
    : file_(std::move(file)),
      helpers_(std::move(helpers)),
      key_(std::move(start.key)),
      pages_([this](crypto::secret_buffer& page, bool last) { return take_page(page, last); }),
      header_(crypto::hash(crypto::byte_span(start.bytes).first(start.bytes.size() - age::payload_nonce_size))),
      size_(start.bytes.size()) {
}

reinstate::result<std::unique_ptr<volume_writer>> volume_writer::begin(std::unique_ptr<medium_writer> file,
                                                                       std::span<const x25519_public_key> recipients,
                                                                       boost::asio::any_io_executor helpers) {
  auto start = age::start_file(recipients);
  if (!start) return errc::identity_damaged;
  if (const auto written = file->write(start->bytes); !written) return written.error();
  return std::unique_ptr<volume_writer>(new volume_writer(std::move(file), std::move(*start), std::move(helpers)));
}

reinstate::result<void> volume_writer::take_page(crypto::secret_buffer& page, bool last) {
  if (taken_ - written_ == window_.size())
    if (const auto written = write_oldest(); !written) return written;
  chunk& next = window_[taken_ % window_.size()];
  next.page.swap(page);
  next.sealed.resize(next.page.size() + age::chunk_overhead);
  size_ += next.sealed.size();
  next.sealing.offer(helpers_,
                     [&next, &key = key_, index = taken_, last] { key.seal(index, last, next.page, next.sealed); });
  ++taken_;
  return {};
}

reinstate::result<void> volume_writer::write_oldest() {
  chunk& oldest = window_[written_ % window_.size()];
  oldest.sealing.finish();
  ++written_;
  return file_->write(oldest.sealed);
}

reinstate::result<archive::listed_volume> volume_writer::end() {
  if (const auto taken = pages_.finish(); !taken) return taken.error();
  while (written_ != taken_)
    if (const auto written = write_oldest(); !written) return written.error();
  return archive::listed_volume{size_, header_};
}

}  // namespace reinstate::engine
