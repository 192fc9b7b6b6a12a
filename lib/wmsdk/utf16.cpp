// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/utf16.hpp"

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace reinstate::wmsdk {
namespace {

using utf8 = boost::locale::utf::utf_traits<char>;
using utf16 = boost::locale::utf::utf_traits<char16_t>;
using boost::locale::utf::code_point;
using boost::locale::utf::is_valid_codepoint;

}  // namespace

result<crypto::secret_buffer> to_utf8(std::span<const std::byte> bytes) {
  if (bytes.size() % sizeof(char16_t) != 0) return errc::invalid_argument;
  std::vector<char16_t, crypto::wiping_allocator<char16_t>> units(bytes.size() / sizeof(char16_t));
  if (!bytes.empty()) std::memcpy(units.data(), bytes.data(), bytes.size());

  const auto end = std::find(units.cbegin(), units.cend(), u'\0');
  if (std::any_of(end, units.cend(), [](char16_t unit) { return unit != 0; })) return errc::invalid_argument;
  crypto::secret_buffer text;
  for (auto next = units.cbegin(); next != end;) {
    const code_point character = utf16::decode(next, end);
    if (!is_valid_codepoint(character)) return errc::invalid_argument;
    char encoded[utf8::max_width];
    const char* const encoded_end = utf8::encode(character, encoded);
    std::transform(encoded, const_cast<char*>(encoded_end), std::back_inserter(text),
                   [](char c) { return static_cast<std::byte>(c); });
  }
  return text;
}

std::u16string to_utf16(std::string_view text) {
  constexpr code_point replacement = 0xfffd;
  std::u16string units;
  for (auto next = text.begin(); next != text.end();) {
    const code_point character = utf8::decode(next, text.end());
    utf16::encode(is_valid_codepoint(character) ? character : replacement, std::back_inserter(units));
  }
  return units;
}

}  // namespace reinstate::wmsdk
