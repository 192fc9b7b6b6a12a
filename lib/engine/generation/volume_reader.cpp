// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/volume_reader.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

constexpr std::size_t header_room = 64 * 1024;  // the header of a file with a handful of recipients

}  // namespace

volume_reader::volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_volume& listed,
                             const reading_options& options)
    : file_(std::move(file)),
      listed_(listed),
      options_(options),
      records_(options.max_record),
      window_(options.window) {
}

reinstate::result<std::unique_ptr<volume_reader>> volume_reader::open(backup_medium& medium, std::string_view name,
                                                                      const archive::listed_volume& listed,
                                                                      const age::identity& identity,
                                                                      const reading_options& options) {
  auto file = medium.open(name);
  if (!file) return file.error() == errc::path_not_found ? error_code(errc::volume_missing) : file.error();
  std::unique_ptr<volume_reader> reader(new volume_reader(std::move(*file), listed, options));
  if (const auto opened = reader->open_header(identity); !opened) return opened.error();
  return reader;
}

// Fills `buffer` with the carried bytes and more from the medium, up to `max_size` bytes in all.
reinstate::result<void> volume_reader::read_up_to(std::size_t max_size, std::vector<std::byte>& buffer) {
  const std::uint64_t left = file_->size() - std::min(position_, file_->size());
  buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(max_size, carried_.size() + left)));
  std::ranges::copy(carried_, buffer.begin());
  std::size_t size = carried_.size();
  while (size != buffer.size()) {
    const auto read = file_->read(std::span(buffer).subspan(size));
    if (!read) return read.error();
    if (*read == 0) break;
    size += *read;
    position_ += *read;
  }
  buffer.resize(size);
  return {};
}

reinstate::result<void> volume_reader::open_header(const age::identity& identity) {
  std::vector<std::byte> start;
  if (const auto read = read_up_to(header_room, start); !read) {
    const bool is_unreadable = options_.damage == tolerance::salvage && read.error() == errc::medium_failed;
    return is_unreadable ? error_code(errc::backup_damaged) : read.error();
  }
  auto opened = age::open_file(start, identity);
  if (opened) {
    // The manifest vouches for the header and so for the key: every chunk that opens with it is the writer's.
    const auto header = std::span(start).first(opened->payload_at - age::payload_nonce_size);
    if (!crypto::equal(crypto::hash(header), listed_.header)) return errc::backup_mixed;
    bytes_read_ = opened->payload_at;
    carried_.assign(start.begin() + static_cast<std::ptrdiff_t>(opened->payload_at), start.end());
    key_ = std::move(opened->key);
    return {};
  }
  switch (opened.error()) {
    case age::failure::no_match: return errc::backup_mixed;
    case age::failure::out_of_memory: return errc::out_of_memory;
    case age::failure::identity_failed: return identity.trouble();
    default: return file_->size() < listed_.size ? errc::backup_truncated : errc::backup_damaged;
  }
}

reinstate::result<void> volume_reader::pass_over(error_code damage) {
  if (options_.damage == tolerance::none) return damage;
  if (!damage_) damage_ = damage;
  records_.skip_page();
  return {};
}

void volume_reader::reject_page() noexcept {
  if (!damage_) damage_ = errc::backup_damaged;
  records_.skip_page();
}

reinstate::result<std::optional<crypto::byte_span>> volume_reader::next_record() {
  for (;;) {
    const auto step = records_.next();
    if (!step) {
      if (const auto passed = pass_over(step.error()); !passed) return passed.error();
      continue;
    }
    if (step->state == archive::page_reader::state::record) return std::optional(step->content);
    const auto more = next_page();
    if (!more) return more.error();
    if (*more == page::no_more) return std::optional<crypto::byte_span>();
  }
}

void volume_reader::read_ahead() {
  while (!all_read_ && !read_error_ && read_ - given_ != window_.size())
    if (const auto read = read_chunk(); !read) read_error_ = read.error();
}

reinstate::result<void> volume_reader::read_chunk() {
  chunk& next = window_[read_ % window_.size()];
  // One byte more than a chunk shows that another one follows.
  if (const auto read = read_up_to(age::sealed_chunk_size + 1, next.sealed); !read) return read;
  carried_.clear();
  if (next.sealed.size() > age::sealed_chunk_size) {
    carried_.push_back(next.sealed.back());
    next.sealed.pop_back();
  }
  const bool at_end = all_read_ = carried_.empty();
  next.plaintext.resize(next.sealed.size());
  next.opening.offer(options_.helpers, [&next, &key = *key_, index = read_, at_end] {
    next.opened = age::open_chunk(key, index, next.sealed, at_end, next.plaintext);
  });
  ++read_;
  return {};
}

reinstate::result<volume_reader::page> volume_reader::next_page() {
  read_ahead();
  if (given_ == read_ && read_error_.failed())
    if (const auto passed = pass_unreadable(); !passed) return passed.error();
  if (given_ == read_) return check_end();
  chunk& next = window_[given_ % window_.size()];
  next.opening.finish();
  ++given_;
  if (next.opened.failed) {
    const bool cut = next.opened.why == age::failure::payload_truncated || file_->size() < listed_.size;
    const auto passed = pass_over(cut ? errc::backup_truncated : errc::backup_damaged);
    if (!passed) return passed.error();
  }
  bytes_read_ += next.sealed.size();
  records_.add_page(crypto::byte_span(next.plaintext).first(next.opened.plaintext_size));
  return page::added;
}

// Ends the file where the medium cannot read on.
reinstate::result<void> volume_reader::pass_unreadable() {
  if (read_error_ != errc::medium_failed) return read_error_;
  all_read_ = true;
  return pass_over(read_error_);
}

reinstate::result<volume_reader::page> volume_reader::check_end() {
  if (records_.inside_record())
    if (const auto passed = pass_over(errc::backup_damaged); !passed) return passed.error();
  if (bytes_read_ != listed_.size)
    if (const auto passed = pass_over(errc::backup_damaged); !passed) return passed.error();
  return page::no_more;
}

}  // namespace reinstate::engine
