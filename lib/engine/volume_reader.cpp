// SPDX-License-Identifier: BSL-1.0
#include "volume_reader.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

constexpr std::size_t header_room = 64 * 1024;  // the header of a file with a handful of recipients

}  // namespace

volume_reader::volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_volume& listed,
                             const reading_options& how)
    : file_(std::move(file)),
      listed_(listed),
      how_(how),
      records_(how.max_record),
      input_(std::max(how.read_bytes, header_room) + age::sealed_chunk_size + 1),
      page_(age::chunk_size) {
}

result<std::unique_ptr<volume_reader>> volume_reader::open(backup_medium& medium, std::string_view name,
                                                           const archive::listed_volume& listed,
                                                           const age::identity& who, const reading_options& how) {
  auto file = medium.open(name);
  if (!file) return file.error() == errc::path_not_found ? error_code(errc::volume_missing) : file.error();
  std::unique_ptr<volume_reader> reader(new volume_reader(std::move(*file), listed, how));
  if (const auto opened = reader->open_header(who); !opened) return opened.error();
  return reader;
}

// At least `size` bytes if the file has them, at most what was read; taken by moving input_at_.
result<crypto::byte_span> volume_reader::look_ahead(std::size_t size) {
  while (input_end_ - input_at_ < size) {
    if (input_at_ != 0) {
      std::ranges::copy(input_.begin() + static_cast<std::ptrdiff_t>(input_at_),
                        input_.begin() + static_cast<std::ptrdiff_t>(input_end_), input_.begin());
      input_end_ -= input_at_;
      input_at_ = 0;
    }
    const std::span<std::byte> room =
        std::span(input_).subspan(input_end_, std::min(how_.read_bytes, input_.size() - input_end_));
    const auto read = file_->read(room);
    if (!read) return read.error();
    if (*read == 0) break;
    content_.update(room.first(*read));
    bytes_read_ += *read;
    input_end_ += *read;
  }
  return crypto::byte_span(input_).subspan(input_at_, input_end_ - input_at_);
}

result<void> volume_reader::open_header(const age::identity& who) {
  const auto start = look_ahead(header_room);
  if (!start) return start.error();
  auto opened = age::open_file(*start, who);
  if (opened) {
    // Without damage the digest of the whole file says in the end that it is the one meant. In salvage it cannot: there
    // the digest of the header says that the key is the writer's, so that every chunk which opens with it is his.
    const crypto::byte_span header = start->first(opened->payload_at - age::payload_nonce_size);
    const bool is_genuine = crypto::equal(crypto::hash(header), listed_.header);
    if (how_.damage == tolerance::salvage && !is_genuine) return errc::backup_not_authentic;
    input_at_ += opened->payload_at;
    key_ = std::move(opened->key);
    opener_.emplace(*key_);
    return {};
  }
  switch (opened.error()) {
    case age::failure::no_match: return errc::backup_mixed;
    case age::failure::out_of_memory: return errc::out_of_memory;
    case age::failure::identity_failed: return who.trouble();
    default: return file_->size() < listed_.size ? errc::backup_truncated : errc::backup_damaged;
  }
}

result<void> volume_reader::pass_over(error_code damage) {
  if (how_.damage == tolerance::none) return damage;
  if (!damage_) damage_ = damage;
  records_.skip_page();
  return {};
}

void volume_reader::reject_page() noexcept {
  if (!damage_) damage_ = errc::backup_damaged;
  records_.skip_page();
}

result<std::optional<crypto::byte_span>> volume_reader::next_record() {
  for (;;) {
    const auto step = records_.next();
    if (!step) {
      if (const auto passed = pass_over(step.error()); !passed) return passed.error();
      continue;
    }
    if (step->what == archive::page_reader::state::record) return std::optional(step->content);
    const auto more = next_page();
    if (!more) return more.error();
    if (*more == page::no_more) return std::optional<crypto::byte_span>();
  }
}

result<volume_reader::page> volume_reader::next_page() {
  if (finished_) return check_end();
  const auto ahead = look_ahead(age::sealed_chunk_size + 1);
  if (!ahead) return ahead.error();
  const bool at_end = ahead->size() <= age::sealed_chunk_size;
  const crypto::byte_span sealed = ahead->first(std::min(ahead->size(), age::sealed_chunk_size));

  const auto opened = opener_->next(sealed, at_end, page_);
  if (opened.failed) {
    const bool cut = opened.why == age::failure::payload_truncated || file_->size() < listed_.size;
    const auto passed = pass_over(cut ? errc::backup_truncated : errc::backup_damaged);
    if (!passed) return passed.error();
    if (opened.plaintext_size == 0) opener_->skip();
  }
  input_at_ += sealed.size();
  finished_ = at_end;
  records_.add_page(crypto::byte_span(page_).first(opened.plaintext_size));
  return page::added;
}

result<volume_reader::page> volume_reader::check_end() {
  if (records_.inside_record())
    if (const auto passed = pass_over(errc::backup_damaged); !passed) return passed.error();
  // Every chunk is authentic; only the digest says that none is missing and nothing follows.
  if (bytes_read_ != listed_.size || !crypto::equal(content_.finish(), listed_.content))
    if (const auto passed = pass_over(errc::backup_not_authentic); !passed) return passed.error();
  return page::no_more;
}

}  // namespace reinstate::engine
