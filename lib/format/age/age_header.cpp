// SPDX-License-Identifier: BSL-1.0
#include "format/age/age_header.hpp"

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"

#include <algorithm>
#include <optional>

namespace reinstate::age {
namespace {

constexpr std::string_view version_line = "age-encryption.org/v1";
constexpr std::string_view stanza_mark = "-> ";
constexpr std::string_view end_mark = "---";
constexpr std::size_t columns = 64;

// Returns the lines of a header one after the other, without their line ends.
class line_source {
 public:
  explicit line_source(std::string_view text) : text_(text) {}

  std::optional<std::string_view> next() {
    const std::size_t end = text_.find('\n', position_);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text_.substr(position_, end - position_);
    line_start_ = position_;
    position_ = end + 1;
    return line;
  }

  std::size_t line_start() const { return line_start_; }
  std::size_t position() const { return position_; }

 private:
  std::string_view text_;
  std::size_t position_ = 0, line_start_ = 0;
};

bool is_argument(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// argument *(SP argument)
std::optional<std::vector<std::string>> parse_arguments(std::string_view line) {
  std::vector<std::string> arguments;
  for (;;) {
    const std::size_t space = line.find(' ');
    const std::string_view argument = line.substr(0, space);
    if (!is_argument(argument)) return std::nullopt;
    arguments.emplace_back(argument);
    if (space == std::string_view::npos) return arguments;
    line.remove_prefix(space + 1);
  }
}

// *full-line final-line
std::optional<std::vector<std::byte>> parse_body(line_source& lines) {
  std::string encoded;
  for (;;) {
    const std::optional<std::string_view> line = lines.next();
    if (!line || line->size() > columns) return std::nullopt;
    encoded += *line;
    if (line->size() < columns) return crypto::base64_decode(encoded);
  }
}

secret_bytes mac_key(const secret_bytes& file_key) {
  return crypto::hkdf_sha256(file_key.expose(), {}, "header");
}

}  // namespace

result<header> parse_header(byte_span start) {
  const std::string_view text = crypto::text_of(start.first(std::min(start.size(), max_header_size)));
  line_source lines(text);
  if (lines.next() != version_line) return failure::header_malformed;

  header out;
  for (;;) {
    const std::optional<std::string_view> line = lines.next();
    if (!line) return failure::header_malformed;
    if (line->starts_with(end_mark)) {
      if (out.stanzas.empty() || !line->starts_with("--- ")) return failure::header_malformed;
      const auto mac = crypto::base64_decode(line->substr(end_mark.size() + 1));
      if (!mac || mac->size() != out.mac.size()) return failure::header_malformed;
      std::ranges::copy(*mac, out.mac.begin());
      out.authenticated = text.substr(0, lines.line_start() + end_mark.size());
      out.size = lines.position();
      return out;
    }
    if (!line->starts_with(stanza_mark)) return failure::header_malformed;
    auto arguments = parse_arguments(line->substr(stanza_mark.size()));
    if (!arguments) return failure::header_malformed;
    auto body = parse_body(lines);
    if (!body) return failure::header_malformed;
    out.stanzas.push_back({std::move(*arguments), std::move(*body)});
  }
}

std::string write_header(const std::vector<stanza>& stanzas, const secret_bytes& file_key) {
  std::string text(version_line);
  text += '\n';
  for (const stanza& s : stanzas) {
    text += "->";
    for (const std::string& argument : s.arguments) text.append(" ").append(argument);
    text += '\n';
    const std::string body = crypto::base64_encode(s.body);
    for (std::size_t at = 0; at <= body.size(); at += columns) text.append(body, at, columns).append("\n");
  }
  text += end_mark;
  const byte_array<32> mac = crypto::hmac_sha256(mac_key(file_key), crypto::bytes_of(text));
  return text.append(" ").append(crypto::base64_encode(mac)).append("\n");
}

bool is_authentic(const header& header, const secret_bytes& file_key) {
  return crypto::equal(crypto::hmac_sha256(mac_key(file_key), crypto::bytes_of(header.authenticated)), header.mac);
}

}  // namespace reinstate::age
