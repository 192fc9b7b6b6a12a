// SPDX-License-Identifier: BSL-1.0
#include "output/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>

namespace tool {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct code_point {
  char32_t value = 0;
  std::size_t size = 0;  // in bytes; 0: not UTF-8
};

code_point decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t value = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i != size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3F);
  }
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[size] || value > 0x10FFFF || is_surrogate) return {};
  return {value, size};
}

bool is_harmless(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool is_line_end = c == 0x2028 || c == 0x2029;
  const bool changes_direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !is_control && !is_line_end && !changes_direction;
}

// Converts to lower case and removes the dashes of a UUID.
std::string digits_of_id(std::string_view text) {
  constexpr std::size_t uuid_size = 36;
  std::string digits;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const bool is_uuid_dash = text.size() == uuid_size && text[i] == '-' && (i == 8 || i == 13 || i == 18 || i == 23);
    if (!is_uuid_dash) digits += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  }
  return digits;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const code_point c = decode(text);
    const std::size_t size = c.size == 0 ? 1 : c.size;
    out += c.size != 0 && is_harmless(c.value) ? text.substr(0, size) : replacement;
    text.remove_prefix(size);
  }
  return out;
}

std::string quoted_title(std::string_view title) {
  return title.empty() ? std::string("(no title)") : '"' + printable(title) + '"';
}

std::string count_text(std::uint64_t count) {
  std::string out = std::to_string(count);
  for (std::size_t position = out.size(); position > 3;) out.insert(position -= 3, 1, ',');
  return out;
}

std::string license_count(std::uint64_t count) {
  return count_text(count).append(count == 1 ? " license" : " licenses");
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 != units.size(); ++unit) value /= 1000;
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return out.data();
}

std::string time_text(std::chrono::sys_seconds time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "(no date)";
  std::array<char, 64> out{};
  std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return out.data();
}

std::string hex_of(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out += digits[std::to_integer<std::size_t>(b >> 4)];
    out += digits[std::to_integer<std::size_t>(b & std::byte{0x0F})];
  }
  return out;
}

reinstate::result<reinstate::key_id> key_id_from(std::string_view text) {
  return reinstate::parse_key_id(digits_of_id(text));
}

reinstate::result<reinstate::license_id> license_id_from(std::string_view text) {
  return reinstate::parse_license_id(digits_of_id(text));
}

std::optional<std::array<std::byte, 32>> public_key_from(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  const auto first = key_id_from(text.substr(0, 32)), second = key_id_from(text.substr(32));
  if (!first || !second) return std::nullopt;
  std::array<std::byte, 32> key{};
  std::ranges::copy(second->bytes, std::ranges::copy(first->bytes, key.begin()).out);
  return key;
}

}  // namespace tool
