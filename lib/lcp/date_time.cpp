// SPDX-License-Identifier: BSL-1.0
#include "lcp/date_time.hpp"

#include <algorithm>

namespace reinstate::lcp {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Returns true if the text matches the pattern, in which each 0 stands for any digit.
bool matches(std::string_view text, std::string_view pattern) noexcept {
  return std::ranges::equal(text, pattern,
                            [](char c, char expected) { return expected == '0' ? is_digit(c) : c == expected; });
}

// Returns the value of a text of digits.
int number(std::string_view digits) noexcept {
  int out = 0;
  for (const char c : digits) out = 10 * out + (c - '0');
  return out;
}

// Parses the offset of a zone from universal time: "Z" or "+hh:mm".
std::optional<std::chrono::minutes> parse_zone(std::string_view text) noexcept {
  if (text == "Z") return std::chrono::minutes{0};
  if (!matches(text, "+00:00") && !matches(text, "-00:00")) return {};
  const int hours = number(text.substr(1, 2)), minutes = number(text.substr(4, 2));
  if (hours > 23 || minutes > 59) return {};
  const std::chrono::minutes offset{60 * hours + minutes};
  return text.front() == '-' ? -offset : offset;
}

// Returns the text after a fraction of a second, which may be absent, or nullopt for a point without digits.
std::optional<std::string_view> skip_fraction(std::string_view text) noexcept {
  if (!text.starts_with('.')) return text;
  text.remove_prefix(1);
  const auto end = std::ranges::find_if_not(text, is_digit);
  if (end == text.begin()) return {};
  return text.substr(static_cast<std::size_t>(end - text.begin()));
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text) noexcept {
  constexpr std::string_view pattern = "0000-00-00T00:00:00";
  if (!matches(text.substr(0, pattern.size()), pattern)) return {};
  const auto two_digits = [&](std::size_t offset) { return number(text.substr(offset, 2)); };
  const std::chrono::year_month_day day{std::chrono::year{number(text.substr(0, 4))},
                                        std::chrono::month{static_cast<unsigned>(two_digits(5))},
                                        std::chrono::day{static_cast<unsigned>(two_digits(8))}};
  const int hour = two_digits(11), minute = two_digits(14), second = two_digits(17);
  if (!day.ok() || hour > 23 || minute > 59 || second > 60) return {};  // 60: a leap second
  const auto zone_text = skip_fraction(text.substr(pattern.size()));
  const auto zone = zone_text ? parse_zone(*zone_text) : std::nullopt;
  if (!zone) return {};
  return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} - *zone;
}

}  // namespace reinstate::lcp
