// SPDX-License-Identifier: BSL-1.0
#include <reinstate/backup_medium.hpp>

#include <algorithm>

namespace reinstate {
namespace {

constexpr std::size_t max_segment_size = 64;

// Independent of the locale: a name means the same on every machine.
bool is_letter_or_digit(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_segment_character(char c) noexcept {
  return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
}

bool is_segment(std::string_view text) noexcept {
  return !text.empty() && text.size() <= max_segment_size && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, is_segment_character);
}

}  // namespace

bool is_medium_name(std::string_view name) noexcept {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return is_segment(name);
  return is_segment(name.substr(0, slash)) && is_segment(name.substr(slash + 1));
}

}  // namespace reinstate
