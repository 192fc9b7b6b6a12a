// SPDX-License-Identifier: BSL-1.0
#include "service/server/form.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace reinstate::service {
namespace {

struct character {
  std::size_t size = 1;
  bool is_valid = false;
  std::uint32_t code = 0;
};

// Decodes the first character of a text (RFC 3629): no overlong forms, no surrogates. Precondition: `text` is not
// empty.
character first_of(std::string_view text) noexcept {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte_at(0) < 0x80) return {1, true, byte_at(0)};
  const std::size_t size = byte_at(0) >= 0xF0 ? 4 : byte_at(0) >= 0xE0 ? 3 : 2;
  if (byte_at(0) < 0xC2 || byte_at(0) > 0xF4 || text.size() < size) return {};
  std::uint32_t code = byte_at(0) & (0x7Fu >> size);
  for (std::size_t i = 1; i != size; ++i) {
    if ((byte_at(i) & 0xC0u) != 0x80) return {};
    code = (code << 6) | (byte_at(i) & 0x3Fu);
  }
  constexpr std::uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < lowest[size] || code > 0x10FFFF || is_surrogate) return {};
  return {size, true, code};
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const character next = first_of(text);
    if (!next.is_valid) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

std::optional<unsigned> digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i != text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = digit_of(text[i + 1]), low = digit_of(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

}  // namespace

result<form_fields> parse_form(std::string_view text) {
  if (text.size() > max_form_bytes) return errc::request_malformed;
  form_fields out;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || out.size() == max_form_fields) return errc::request_malformed;
    if (!out.emplace(std::move(*name), std::move(*value)).second) return errc::request_malformed;
  }
  return out;
}

std::string_view field_of(const form_fields& fields, std::string_view name) noexcept {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : found->second;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos)
      out += c;
    else
      out.append("%").append(digits, byte >> 4, 1).append(digits, byte & 15, 1);
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string out;
  while (!text.empty()) {
    const character next = first_of(text);
    const bool is_control = next.code < 0x20 || (next.code >= 0x7F && next.code < 0xA0);
    if (!next.is_valid || is_control)
      out += replacement;
    else if (text[0] == '&')
      out += "&amp;";
    else if (text[0] == '<')
      out += "&lt;";
    else if (text[0] == '>')
      out += "&gt;";
    else if (text[0] == '"')
      out += "&quot;";
    else if (text[0] == '\'')
      out += "&#39;";
    else
      out += text.substr(0, next.size);
    text.remove_prefix(next.size);
  }
  return out;
}

}  // namespace reinstate::service
