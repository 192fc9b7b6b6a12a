// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_page.hpp"

#include "format/cbor/cbor.hpp"

#include <algorithm>

namespace reinstate::archive {
namespace {

constexpr std::size_t piece_head_size = 3;    // of a piece that fills its page
constexpr std::byte large_record_head{0x82};  // an array of two: the size of the record, and its first piece

bool fits_in_page(std::uint64_t size) noexcept {
  return size <= page_size && cbor::head_size(cbor::embedded_cbor_tag) + cbor::head_size(size) + size <= page_size;
}

}  // namespace

page_writer::page_writer(page_sink sink) : sink_(std::move(sink)) {
  page_.reserve(page_size);
}

result<void> page_writer::make_room(std::size_t size) {
  if (page_.empty() || (!is_full_ && page_.size() + size <= page_size)) return {};
  page_.resize(page_size, cbor::null_item);
  const result<void> passed = sink_(page_, false);
  page_.clear();
  is_full_ = false;
  return passed;
}

// Passes on a large record in pieces. Each piece but the last fills its page; the last one stays until another record
// or the end follows.
result<void> page_writer::pass_on_pieces() {
  cbor::reader record(page_);
  record.tag();
  record.bytes_head();
  byte_span content = record.rest();
  crypto::secret_buffer piece;
  piece.reserve(page_size);
  cbor::writer out(piece);
  out.array(2);
  out.unsigned_integer(content.size());
  for (;;) {
    const byte_span taken = content.first(std::min(content.size(), page_size - piece.size() - piece_head_size));
    out.bytes(taken);
    content = content.subspan(taken.size());
    if (content.empty()) break;
    if (const auto passed = sink_(piece, false); !passed) return passed;
    piece.clear();
  }
  page_.swap(piece);
  is_full_ = true;
  return {};
}

result<void> page_writer::finish() {
  const result<void> passed = sink_(page_, true);
  page_.clear();
  return passed;
}

result<page_reader::step> page_reader::next() {
  if (page_.empty() && inside_record()) return step{};
  if (inside_record()) return take_piece();
  if (page_.empty()) {
    at_page_start_ = true;
    is_full_ = false;
    large_.clear();
    return step{};
  }
  if (page_.front() == cbor::null_item) {
    if (!std::ranges::all_of(page_, [](std::byte b) { return b == cbor::null_item; })) return errc::backup_damaged;
    page_ = {};
    return next();
  }
  if (is_full_) return errc::backup_damaged;
  return at_page_start_ && page_.front() == large_record_head ? begin_large() : take_record();
}

void page_reader::skip_page() noexcept {
  page_ = {};
  at_page_start_ = true;
  is_full_ = false;
  large_.clear();
  large_size_ = 0;
}

result<page_reader::step> page_reader::take_record() {
  cbor::reader in(page_);
  const std::uint64_t tag = in.tag();
  const std::uint64_t size = in.bytes_head().size;
  if (!in.ok() || tag != cbor::embedded_cbor_tag || size == 0) return errc::backup_damaged;
  if (size > max_record_) return errc::license_too_large;
  const byte_span rest = in.rest();
  if (size > rest.size()) return errc::backup_damaged;
  at_page_start_ = false;
  page_ = rest.subspan(static_cast<std::size_t>(size));
  return step{state::record, rest.first(static_cast<std::size_t>(size))};
}

// Only a record that no page could hold may be cut into pieces.
result<page_reader::step> page_reader::begin_large() {
  cbor::reader in(page_);
  in.array();
  const std::uint64_t size = in.unsigned_integer();
  if (!in.ok() || fits_in_page(size)) return errc::backup_damaged;
  if (size > max_record_) return errc::license_too_large;
  page_ = in.rest();
  large_.clear();
  large_size_ = static_cast<std::size_t>(size);
  return take_piece();
}

result<page_reader::step> page_reader::take_piece() {
  cbor::reader in(page_);
  const std::uint64_t size = in.bytes_head().size;
  const byte_span rest = in.rest();
  const byte_span piece = rest.first(std::min(rest.size(), large_size_ - large_.size()));
  if (!in.ok() || size != piece.size() || piece.empty()) return errc::backup_damaged;
  large_.insert(large_.end(), piece.begin(), piece.end());
  page_ = rest.subspan(piece.size());
  if (large_.size() < large_size_) return step{};
  large_size_ = 0;
  at_page_start_ = false;
  is_full_ = true;
  return step{state::record, large_};
}

}  // namespace reinstate::archive
