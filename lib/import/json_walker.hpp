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

// Reads a JSON object event by event and says where each value stands. Keeps one name per level and nothing else, so
// neither size nor depth of a hostile text costs anything before the limits end it.
//
// Errors: import_malformed, import_nested_too_deep.
class json_walker : nlohmann::json::json_sax_t {
 public:
  error_code walk(std::string_view text) {
    // nlohmann takes a zero byte for the end of its input, and would not see what follows it.
    if (text.find('\0') != text.npos) return errc::import_malformed;
    nlohmann::json::sax_parse(clearkey::wiped_input{text.data()}, clearkey::wiped_input{text.data() + text.size()},
                              static_cast<nlohmann::json::json_sax_t*>(this));
    return error_;
  }

 protected:
  // The names of the members on the way to a value. In a list that name is `list_item`, which no member can have: it is
  // not UTF-8.
  using path = std::span<const std::string>;
  static constexpr std::string_view list_item = "\xff";

  enum class container { object, list };
  enum class kind { null, text, count, other };
  struct value {
    kind what;
    std::string_view text;  // of a text its characters, of anything else what stands in the JSON
    std::uint64_t count = 0;
  };

  // What a reader does with what it meets; false, after `malformed`, ends the walk.
  virtual bool begin(path at, container what) = 0;
  virtual bool take(path at, const value& what) = 0;
  virtual bool end(path at, container what) = 0;

  bool malformed() noexcept { return fail(errc::import_malformed); }

 private:
  static constexpr std::size_t max_depth = 32;

  bool fail(error_code ec) noexcept {
    if (!error_) error_ = ec;
    return false;
  }

  bool enter(container what) {
    if (path_.size() == max_depth) return fail(errc::import_nested_too_deep);
    if (path_.empty() && what != container::object) return malformed();
    if (!begin(path_, what)) return false;
    path_.emplace_back(what == container::list ? list_item : std::string_view());
    return true;
  }

  bool leave(container what) {
    path_.pop_back();
    return end(path_, what);
  }

  bool meet(const value& what) { return path_.empty() ? malformed() : take(path_, what); }

  bool start_object(std::size_t) final { return enter(container::object); }
  bool start_array(std::size_t) final { return enter(container::list); }
  bool end_object() final { return leave(container::object); }
  bool end_array() final { return leave(container::list); }

  bool key(string_t& name) final {
    path_.back() = name;
    return true;
  }

  bool string(string_t& text) final {
    const bool go_on = meet({kind::text, text});
    sodium_memzero(text.data(), text.size());  // this is the lexer's own buffer
    return go_on;
  }

  bool null() final { return meet({kind::null, "null"}); }
  bool boolean(bool is_true) final { return meet({kind::other, is_true ? "true" : "false"}); }
  bool number_integer(number_integer_t number) final { return meet({kind::other, std::to_string(number)}); }
  bool number_unsigned(number_unsigned_t number) final { return meet({kind::count, std::to_string(number), number}); }
  bool number_float(number_float_t, const string_t& text) final { return meet({kind::other, text}); }
  bool binary(binary_t&) final { return malformed(); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) final { return malformed(); }

  std::vector<std::string> path_;
  error_code error_;
};

}  // namespace reinstate

#endif
