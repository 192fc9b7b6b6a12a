// SPDX-License-Identifier: BSL-1.0
#include "license/title_pattern.hpp"

#include <cstddef>
#include <optional>

namespace reinstate {
namespace {

// Returns the length of the UTF-8 character that begins with this byte; 1 if none does.
constexpr std::size_t character_size(unsigned char lead) noexcept {
  return lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

// Returns the first character of a text that is not empty: one of UTF-8, or a byte that begins none.
std::string_view first_character(std::string_view text) noexcept {
  const std::size_t length = character_size(static_cast<unsigned char>(text[0]));
  if (length > text.size()) return text.substr(0, 1);
  for (std::size_t i = 1; i != length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return text.substr(0, 1);
  return text.substr(0, length);
}

// Not tolower, whose result for bytes past 127 depends on the locale.
constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_character(std::string_view a, std::string_view b) noexcept {
  return a == b || (a.size() == 1 && b.size() == 1 && lower(a[0]) == lower(b[0]));
}

// Removes the first character of both and returns true if it matches. Precondition: the pattern does not begin with
// '*'.
bool take_character(std::string_view& pattern, std::string_view& title) noexcept {
  const std::string_view found = first_character(title);
  const bool any = pattern[0] == '?';
  const bool escaped = pattern[0] == '\\' && pattern.size() > 1;  // a '\' at the end stands for itself
  const std::string_view wanted = first_character(pattern.substr(escaped ? 1 : 0));
  if (!any && !same_character(wanted, found)) return false;
  pattern.remove_prefix(wanted.size() + (escaped ? 1 : 0));
  title.remove_prefix(found.size());
  return true;
}

struct position {
  std::string_view pattern;  // after the last '*'
  std::string_view title;    // the rest of the title that was tried after that '*'
};

}  // namespace

bool title_matches(std::string_view pattern, std::string_view title) noexcept {
  // Only the last '*' ever has to match more: the pattern before it has matched at the earliest possible position.
  std::optional<position> last;
  for (;;) {
    if (!pattern.empty() && pattern[0] == '*') {
      pattern.remove_prefix(1);
      if (pattern.empty()) return true;
      last = {pattern, title};
    } else if (title.empty()) {
      return pattern.empty();  // a longer match of the last '*' would leave even less of the title
    } else if (pattern.empty() || !take_character(pattern, title)) {
      if (!last) return false;
      last->title.remove_prefix(first_character(last->title).size());
      pattern = last->pattern;
      title = last->title;
    }
  }
}

}  // namespace reinstate
