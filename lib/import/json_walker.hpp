// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_JSON_WALKER_HPP
#define REINSTATE_IMPORT_JSON_WALKER_HPP

#include "import/wiped_input.hpp"

#include <reinstate/error.hpp>

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// Reads a JSON object event by event and reports each value with its path. Keeps only one name per level, so neither
// the size nor the depth of a hostile text takes memory before the limits end the parsing.
//
// Errors: import_malformed, import_nested_too_deep.
class json_walker : nlohmann::json::json_sax_t {
 public:
  error_code walk(std::string_view text) {
    // nlohmann takes a zero byte for the end of its input, and would ignore the rest.
    if (text.find('\0') != text.npos) return errc::import_malformed;
    nlohmann::json::sax_parse(clearkey::wiped_input{text.data()}, clearkey::wiped_input{text.data() + text.size()},
                              static_cast<nlohmann::json::json_sax_t*>(this));
    return error_;
  }

 protected:
  // The names of the members that lead to a value. The name of an item of a list is `list_item`, which no member can
  // have: it is not UTF-8.
  using path = std::span<const std::string>;
  static constexpr std::string_view list_item = "\xff";

  enum class container { object, list };
  enum class kind { null, text, count, other };
  struct value {
    kind type;
    std::string_view text;  // the characters of a text, else the JSON of the value
    std::uint64_t count = 0;
  };

  // Handle the parts of the object. The walk ends if one returns false, after `malformed`.
  virtual bool begin(path at, container type) = 0;
  virtual bool take(path at, const value& value) = 0;
  virtual bool end(path at, container type) = 0;

  bool malformed() noexcept { return fail(errc::import_malformed); }

 private:
  static constexpr std::size_t max_depth = 32;

  bool fail(error_code ec) noexcept {
    if (!error_) error_ = ec;
    return false;
  }

  bool enter(container type) {
    if (path_.size() == max_depth) return fail(errc::import_nested_too_deep);
    if (path_.empty() && type != container::object) return malformed();
    if (!begin(path_, type)) return false;
    path_.emplace_back(type == container::list ? list_item : std::string_view());
    return true;
  }

  bool leave(container type) {
    path_.pop_back();
    return end(path_, type);
  }

  bool handle(const value& value) { return path_.empty() ? malformed() : take(path_, value); }

  bool start_object(std::size_t) final { return enter(container::object); }
  bool start_array(std::size_t) final { return enter(container::list); }
  bool end_object() final { return leave(container::object); }
  bool end_array() final { return leave(container::list); }

  bool key(string_t& name) final {
    path_.back() = name;
    return true;
  }

  bool string(string_t& text) final {
    const bool is_accepted = handle({kind::text, text});
    sodium_memzero(text.data(), text.size());  // the lexer's own buffer
    return is_accepted;
  }

  bool null() final { return handle({kind::null, "null"}); }
  bool boolean(bool is_true) final { return handle({kind::other, is_true ? "true" : "false"}); }
  bool number_integer(number_integer_t number) final { return handle({kind::other, std::to_string(number)}); }
  bool number_unsigned(number_unsigned_t number) final { return handle({kind::count, std::to_string(number), number}); }
  bool number_float(number_float_t, const string_t& text) final { return handle({kind::other, text}); }
  bool binary(binary_t&) final { return malformed(); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) final { return malformed(); }

  std::vector<std::string> path_;
  error_code error_;
};

}  // namespace reinstate

#endif
