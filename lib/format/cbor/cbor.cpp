// SPDX-License-Identifier: BSL-1.0
#include "format/cbor/cbor.hpp"

#include <algorithm>

namespace reinstate::cbor {
namespace {

constexpr unsigned simple_major = 7;

}  // namespace

void reader::fail() noexcept {
  ok_ = false;
  rest_ = {};
}

byte_span reader::take(std::uint64_t size) noexcept {
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const byte_span taken = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(static_cast<std::size_t>(size));
  return taken;
}

reader::any_head reader::next_head() noexcept {
  const byte_span first = take(1);
  if (!ok_) return {};
  const unsigned initial = std::to_integer<unsigned>(first[0]);
  const unsigned major = initial >> 5, code = initial & 31;
  if (code < 24) return {major, code};
  if (code > 27) {  // reserved, or an indefinite length
    fail();
    return {};
  }
  const std::size_t size = std::size_t{1} << (code - 24);
  std::uint64_t value = 0;
  for (const std::byte b : take(size)) value = value << 8 | std::to_integer<std::uint64_t>(b);
  if (major != simple_major && head_size(value) != size + 1) fail();  // not the shortest form
  return {major, value};
}

std::uint64_t reader::head(unsigned major) noexcept {
  const any_head found = next_head();
  if (found.major != major) fail();
  return ok_ ? found.value : 0;
}

std::int64_t reader::integer() noexcept {
  const any_head found = next_head();
  if (found.major > 1 || found.value > INT64_MAX) fail();
  if (!ok_) return 0;
  return found.major == 0 ? static_cast<std::int64_t>(found.value) : -1 - static_cast<std::int64_t>(found.value);
}

byte_span reader::string(unsigned major) noexcept {
  return take(head(major));
}

std::string_view reader::text() noexcept {
  const byte_span value = string(3);
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

void reader::fixed(std::span<std::byte> value) noexcept {
  const byte_span found = bytes();
  if (found.size() != value.size()) return fail();
  std::ranges::copy(found, value.begin());
}

void reader::skip() noexcept {
  // Counts the items still to pass instead of recursing. Each takes at least one byte, so a count beyond the size of
  // the input is refused; that bound keeps the sum from overflowing.
  std::uint64_t pending = 1;
  while (pending != 0 && ok_) {
    --pending;
    const any_head found = next_head();
    std::uint64_t children = 0;
    switch (found.major) {
      case 2:
      case 3: take(found.value); break;
      case 4: children = found.value; break;
      case 5: children = found.value <= rest_.size() ? 2 * found.value : UINT64_MAX; break;
      case 6: children = 1; break;
      default: break;
    }
    if (children > rest_.size() || pending > rest_.size() - children) return fail();
    pending += children;
  }
}

}  // namespace reinstate::cbor
