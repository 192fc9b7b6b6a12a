// SPDX-License-Identifier: BSL-1.0
#include "archive_page.hpp"

#include "cbor.hpp"

#include <algorithm>

namespace reinstate::archive {

page_writer::page_writer(page_sink sink) : sink_(std::move(sink)) {
  page_.reserve(page_size);
}

result<void> page_writer::make_room(std::size_t size) {
  if (page_.empty() || (!is_full_ && page_.size() + size <= page_size)) return {};
  page_.resize(page_size, cbor::null_item);
  const result<void> handed_on = sink_(page_, false);
  page_.clear();
  is_full_ = false;
  return handed_on;
}

result<void> page_writer::hand_on_full_pages() {
  if (page_.size() > page_size) is_full_ = true;
  // A full page stays until something follows it: it may be the last.
  std::size_t at = 0;
  for (; page_.size() - at > page_size; at += page_size)
    if (const auto handed_on = sink_(byte_span(page_).subspan(at, page_size), false); !handed_on) return handed_on;
  page_.erase(page_.begin(), page_.begin() + static_cast<std::ptrdiff_t>(at));
  return {};
}

result<void> page_writer::finish() {
  const result<void> handed_on = sink_(page_, true);
  page_.clear();
  return handed_on;
}

result<page_reader::step> page_reader::next() {
  if (large_size_ != 0) return continue_large();
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
  return begin_record();
}

void page_reader::skip_page() noexcept {
  page_ = {};
  at_page_start_ = true;
  is_full_ = false;
  large_.clear();
  large_size_ = 0;
}

result<page_reader::step> page_reader::begin_record() {
  cbor::reader in(page_);
  const std::uint64_t tag = in.tag();
  const auto [head, size] = in.bytes_head();
  if (!in.ok() || tag != cbor::embedded_cbor_tag || size == 0) return errc::backup_damaged;
  if (size > max_record_) return errc::license_too_large;

  const byte_span rest = in.rest();
  const bool was_page_start = at_page_start_;
  at_page_start_ = false;
  if (size <= rest.size()) {
    page_ = rest.subspan(static_cast<std::size_t>(size));
    return step{state::record, rest.first(static_cast<std::size_t>(size))};
  }
  // Only a record that no page could hold may go on in the next, and only from the beginning of a page.
  if (!was_page_start || cbor::head_size(cbor::embedded_cbor_tag) + head + size <= page_size)
    return errc::backup_damaged;
  large_size_ = static_cast<std::size_t>(size);
  large_.clear();
  page_ = rest;
  return continue_large();
}

result<page_reader::step> page_reader::continue_large() {
  const std::size_t taken = std::min(page_.size(), large_size_ - large_.size());
  large_.insert(large_.end(), page_.begin(), page_.begin() + static_cast<std::ptrdiff_t>(taken));
  page_ = page_.subspan(taken);
  if (large_.size() < large_size_) return step{};
  large_size_ = 0;
  at_page_start_ = false;
  is_full_ = true;
  return step{state::record, large_};
}

}  // namespace reinstate::archive
