// SPDX-License-Identifier: BSL-1.0
#include "lcp/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace reinstate::lcp {
namespace {

// The depth of the specification is 4; unknown members may be nested deeper. Bounds all recursion in this file.
constexpr std::size_t max_depth = 32;

// Integers of up to this many digits are written as integers, in whatever form the document has them.
constexpr long max_integer_digits = 20;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// A decimal number: digits times ten to the power of exponent, without zeros at either end.
struct decimal {
  bool is_negative = false;
  std::string digits;
  long exponent = 0;
};

// Parses a number of JSON. Returns nullopt if the exponent does not fit an int.
std::optional<decimal> read_decimal(std::string_view token) {
  decimal out;
  out.is_negative = token.starts_with('-');
  if (out.is_negative) token.remove_prefix(1);
  const std::size_t mantissa = std::min(token.find_first_of("eE"), token.size());
  bool in_fraction = false;
  for (const char c : token.substr(0, mantissa)) {
    if (!is_digit(c)) in_fraction = true;  // the point, which nlohmann writes as the locale does
    if (!is_digit(c)) continue;
    out.digits += c;
    if (in_fraction) --out.exponent;
  }
  if (mantissa != token.size()) {
    std::string_view digits = token.substr(mantissa + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int exponent = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{}) return {};
    out.exponent += exponent;
  }
  out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  for (; out.digits.ends_with('0'); ++out.exponent) out.digits.pop_back();
  return out;
}

// Applies rule 4 of section 5.3: no insignificant zeros; numbers other than integers with fraction and exponent.
std::string canonical_number(const decimal& number) {
  if (number.digits.empty()) return "0";
  std::string out = number.is_negative ? "-" : "";
  const long digits = static_cast<long>(number.digits.size());
  if (number.exponent >= 0 && digits + number.exponent <= max_integer_digits)
    return out.append(number.digits).append(static_cast<std::size_t>(number.exponent), '0');
  out.append(number.digits, 0, 1);
  if (digits > 1) out.append(".").append(number.digits, 1);
  return out.append("E").append(std::to_string(number.exponent + digits - 1));
}

// Builds a json_value event by event, one open container per level.
class tree_builder final : public nlohmann::json::json_sax_t {
 public:
  result<json_value> read(std::string_view text) {
    // nlohmann takes a zero byte for the end of its input, and would ignore the rest.
    if (text.find('\0') != text.npos) return errc::import_malformed;
    nlohmann::json::sax_parse(text, this);
    if (error_) return error_;
    if (root_.type != json_value::kind::object) return errc::import_malformed;
    return std::move(root_);
  }

  bool start_object(std::size_t) override { return open(json_value::kind::object); }
  bool start_array(std::size_t) override { return open(json_value::kind::array); }
  bool end_array() override { return close(); }

  bool end_object() override {
    // Bytes of UTF-8 compare like the code points they encode, as rule 2 of section 5.3 requires.
    auto& members = open_.back().children;
    std::ranges::sort(members, {}, &json_value::name);
    if (std::ranges::adjacent_find(members, {}, &json_value::name) != members.end()) return fail();
    return close();
  }

  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }

  bool string(string_t& text) override { return add(json_value::kind::string, std::move(text)); }
  bool null() override { return add(json_value::kind::literal, "null"); }
  bool boolean(bool value) override { return add(json_value::kind::literal, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(json_value::kind::number, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return add(json_value::kind::number, std::to_string(value));
  }

  bool number_float(number_float_t, const string_t& token) override {
    // An integer beyond 64 bits is passed here as well, and is canonical already.
    if (token.find_first_not_of("-0123456789") == token.npos) return add(json_value::kind::number, token);
    const auto number = read_decimal(token);
    return number ? add(json_value::kind::number, canonical_number(*number)) : fail();
  }

  bool binary(binary_t&) override { return fail(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return fail(); }

 private:
  bool fail(errc code = errc::import_malformed) noexcept {
    if (!error_) error_ = code;
    return false;
  }

  bool open(json_value::kind type) {
    if (open_.size() == max_depth) return fail(errc::import_nested_too_deep);
    open_.push_back({type, std::exchange(name_, {}), {}, {}});
    return true;
  }

  bool close() {
    json_value done = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? root_ : open_.back().children.emplace_back()) = std::move(done);
    return true;
  }

  bool add(json_value::kind type, std::string text) {
    if (open_.empty()) return fail();
    open_.back().children.push_back({type, std::exchange(name_, {}), std::move(text), {}});
    return true;
  }

  std::vector<json_value> open_;  // the open containers, outermost first
  std::string name_;              // of the next value
  json_value root_;
  error_code error_;
};

// Writes a string by rule 5 of section 5.3, with the short escapes of JSON, as the signers and readers in use do.
void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view escaped = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (const std::size_t index = escaped.find(c); index != escaped.npos)
      out.append(1, '\\').append(1, letters[index]);
    else if (code < 0x20)
      out.append("\\u00").append(1, hex[code >> 4]).append(1, hex[code & 15]);
    else
      out += c;
  }
  out += '"';
}

void write(const json_value& value, std::string& out) {
  using kind = json_value::kind;
  if (value.type == kind::string) return write_string(value.text, out);
  if (value.type != kind::object && value.type != kind::array) return void(out += value.text);
  const bool is_object = value.type == kind::object;
  const char* separator = "";
  out += is_object ? '{' : '[';
  for (const json_value& each : value.children) {
    out += std::exchange(separator, ",");
    if (is_object) {
      write_string(each.name, out);
      out += ':';
    }
    write(each, out);
  }
  out += is_object ? '}' : ']';
}

}  // namespace

const json_value* json_value::find(std::string_view member) const noexcept {
  if (type != kind::object) return nullptr;
  const auto found = std::ranges::find(children, member, &json_value::name);
  return found == children.end() ? nullptr : &*found;
}

result<json_value> read_json(std::string_view text) {
  return tree_builder().read(text);
}

std::string canonical_json(const json_value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace reinstate::lcp
