// SPDX-License-Identifier: BSL-1.0
#include "import/keygen_document.hpp"

#include "crypto/bytes.hpp"
#include "import/json_walker.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace reinstate::keygen {
namespace {

bool equals(std::span<const std::string> path, std::initializer_list<std::string_view> names) {
  return std::ranges::equal(path, names);
}

// Takes a number of exactly `digits` digits off the beginning of a text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = 10 * number + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take_character(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Takes three numbers and their separators off the beginning of a text, as in 2026-01-31 and in 12:00:00.
std::optional<std::array<int, 3>> take_three(std::string_view& text, std::size_t first_digits, char separator) {
  const auto a = take_number(text, first_digits);
  if (!a || !take_character(text, separator)) return std::nullopt;
  const auto b = take_number(text, 2);
  if (!b || !take_character(text, separator)) return std::nullopt;
  const auto c = take_number(text, 2);
  if (!c) return std::nullopt;
  return std::array{*a, *b, *c};
}

bool skip_fraction(std::string_view& text) {
  if (!take_character(text, '.')) return true;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits != 0;
}

// Returns the offset from universal time, in minutes, that is all of the text.
std::optional<int> take_offset(std::string_view text) {
  if (text == "Z") return 0;
  const int sign = text.starts_with('-') ? -1 : 1;
  if (!take_character(text, '+') && !take_character(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take_character(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (60 * *hours + *minutes);
}

// Parses a complete ISO 8601 time with offset. Drops fractions of a second.
instant parse_time(std::string_view text) {
  using namespace std::chrono;
  const auto date = take_three(text, 4, '-');
  if (!date || !take_character(text, 'T')) return std::nullopt;
  const auto time = take_three(text, 2, ':');
  if (!time || !skip_fraction(text)) return std::nullopt;
  const auto offset = take_offset(text);
  const auto [y, m, d] = *date;
  const auto [h, min, s] = *time;
  const year_month_day day{year{y}, month{static_cast<unsigned>(m)}, std::chrono::day{static_cast<unsigned>(d)}};
  if (!offset || !day.ok() || h > 23 || min > 59 || s > 60) return std::nullopt;
  return sys_days{day} + hours{h} + minutes{min} + seconds{s} - minutes{*offset};
}

class certificate_reader final : public json_walker {
 public:
  result<certificate> read(std::string_view json) {
    if (const error_code ec = walk(json)) return ec;
    if (out_.enc.empty() || out_.sig.empty() || out_.alg.empty()) return errc::import_malformed;
    return std::move(out_);
  }

 private:
  static bool is_known(path at) { return equals(at, {"enc"}) || equals(at, {"sig"}) || equals(at, {"alg"}); }

  bool begin(path at, container) override { return is_known(at) ? malformed() : true; }
  bool end(path, container) override { return true; }

  bool take(path at, const value& value) override {
    if (!is_known(at)) return true;
    if (value.type != kind::text) return malformed();
    if (at[0] == "enc") {
      if (!out_.enc.empty()) return malformed();
      out_.enc = secret_bytes::copy_of(crypto::bytes_of(value.text));
      return true;
    }
    std::string& field = at[0] == "sig" ? out_.sig : out_.alg;
    if (!field.empty()) return malformed();
    field = value.text;
    return true;
  }

  certificate out_;
};

// Reads a JSON:API document:
//
//     { "data": RESOURCE, "included": [ RESOURCE, ... ], "meta": { "issued": TIME, "expiry": TIME, ... } }
//
// A resource has "type", "id", "attributes" and "relationships", in any order.
class document_reader final : public json_walker {
 public:
  result<document> read(std::string_view json) {
    if (const error_code ec = walk(json)) return ec;
    return std::move(out_);
  }

 private:
  bool begin(path at, container type) override {
    if (text_at(at) || time_at(at) || count_at(at)) return malformed();
    const bool is_in_place =
        equals(at, {"included"}) ? type == container::list : !names_object(at) || type == container::object;
    if (!is_in_place) return malformed();
    if (equals(at, {"data"}) && std::exchange(seen_data_, true)) return malformed();
    const path within = within_resource(at);
    if (equals(within, {"attributes"}) && !current_.attributes.empty()) return malformed();
    if (equals(within, {"attributes", "key"})) return malformed();
    if (is_attribute(within)) {
      print_name(within);
      current_.attributes += type == container::object ? '{' : '[';
    }
    return true;
  }

  bool end(path at, container type) override {
    if (is_attribute(within_resource(at))) current_.attributes += type == container::object ? '}' : ']';
    if (equals(at, {"data"})) out_.data = std::exchange(current_, {});
    if (equals(at, {"included", list_item})) {
      resource done = std::exchange(current_, {});
      if (done.type == "licenses") out_.licenses.push_back(std::move(done));
    }
    return true;
  }

  bool take(path at, const value& value) override {
    if (auto* field = text_at(at); field && !take_text(value, *field)) return false;
    if (auto* field = time_at(at); field && !take_time(value, *field)) return false;
    if (auto* field = count_at(at); field && !take_count(value, *field)) return false;
    if (names_object(at) && value.type != kind::null) return malformed();
    const path within = within_resource(at);
    if (is_attribute(within) && !equals(within, {"attributes", "key"})) print(within, value);
    return true;
  }

  // Returns the rest of a path that leads into a resource; an empty path for others.
  static path within_resource(path at) {
    if (!at.empty() && at[0] == "data") return at.subspan(1);
    if (at.size() >= 2 && at[0] == "included" && at[1] == list_item) return at.subspan(2);
    return {};
  }

  static bool is_attribute(path within) { return !within.empty() && within[0] == "attributes"; }

  static bool names_object(path at) {
    const path within = within_resource(at);
    return equals(at, {"data"}) || equals(at, {"included"}) || equals(at, {"included", list_item}) ||
           equals(at, {"meta"}) || equals(within, {"attributes"}) || equals(within, {"relationships"});
  }

  std::string* text_at(path at) {
    const path within = within_resource(at);
    if (equals(within, {"type"})) return &current_.type;
    if (equals(within, {"id"})) return &current_.id;
    if (equals(within, {"attributes", "name"})) return &current_.name;
    if (equals(within, {"relationships", "account", "data", "id"})) return &current_.account;
    return equals(within, {"relationships", "license", "data", "id"}) ? &current_.license : nullptr;
  }

  instant* time_at(path at) {
    if (equals(at, {"meta", "issued"})) return &out_.issued;
    if (equals(at, {"meta", "expiry"})) return &out_.expiry;
    const path within = within_resource(at);
    if (equals(within, {"attributes", "created"})) return &current_.created;
    return equals(within, {"attributes", "expiry"}) ? &current_.expiry : nullptr;
  }

  std::optional<std::uint64_t>* count_at(path at) {
    const path within = within_resource(at);
    if (equals(within, {"attributes", "uses"})) return &current_.uses;
    return equals(within, {"attributes", "maxUses"}) ? &current_.max_uses : nullptr;
  }

  // Take a member. Null counts as absent; a second member of the same name is refused.
  bool take_text(const value& value, std::string& field) {
    if (value.type == kind::null) return true;
    if (value.type != kind::text || !field.empty()) return malformed();
    field = value.text;
    return true;
  }

  bool take_time(const value& value, instant& field) {
    if (value.type == kind::null) return true;
    if (value.type != kind::text || field) return malformed();
    field = parse_time(value.text);
    return field ? true : malformed();
  }

  bool take_count(const value& value, std::optional<std::uint64_t>& field) {
    if (value.type == kind::null) return true;
    if (value.type != kind::count || field) return malformed();
    field = value.count;
    return true;
  }

  void print_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string& out = current_.attributes;
    out += '"';
    for (const char c : text) {
      const auto code = static_cast<unsigned char>(c);
      if (code < ' ') {
        out.append("\\u00") += digits[code / 16];
        out += digits[code % 16];
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }

  // Writes the comma, unless the attribute is the first, and its name.
  void print_name(path within) {
    std::string& out = current_.attributes;
    if (within.size() == 1) return;  // the object of all attributes
    if (!out.ends_with('{') && !out.ends_with('[')) out += ',';
    if (within.back() == list_item) return;
    print_text(within.back());
    out += ':';
  }

  void print(path within, const value& value) {
    print_name(within);
    if (value.type == kind::text)
      print_text(value.text);
    else
      current_.attributes += value.text;
  }

  bool seen_data_ = false;
  resource current_;
  document out_;
};

}  // namespace

result<certificate> read_certificate(std::string_view json) {
  return certificate_reader().read(json);
}

result<document> read_document(std::string_view json) {
  return document_reader().read(json);
}

}  // namespace reinstate::keygen
