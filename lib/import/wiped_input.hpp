// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_WIPED_INPUT_HPP
#define REINSTATE_IMPORT_WIPED_INPUT_HPP

#include <cstddef>
#include <iterator>
#include <string>

namespace reinstate::clearkey {

// A character that is overwritten by its destructor. nlohmann's lexer records every token it reads, for its error
// messages, in a vector of the input's character type: with this type, no key stays in that vector or in memory it
// freed.
class wiped_char {
 public:
  wiped_char(char value) noexcept : value_(value) {}
  wiped_char(const wiped_char&) noexcept = default;
  wiped_char& operator=(const wiped_char&) noexcept = default;
  ~wiped_char() { *static_cast<volatile char*>(&value_) = 0; }

  operator char() const noexcept { return value_; }

 private:
  char value_;
};

// An iterator that passes a text to nlohmann as wiped_char.
struct wiped_input {
  using iterator_category = std::input_iterator_tag;
  using value_type = wiped_char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  const char* position;

  char operator*() const noexcept { return *position; }
  wiped_input& operator++() noexcept { return ++position, *this; }
  wiped_input operator++(int) noexcept { return {position++}; }
  friend bool operator==(wiped_input, wiped_input) noexcept = default;
};

}  // namespace reinstate::clearkey

// Required by nlohmann for a character type.
template <>
struct std::char_traits<reinstate::clearkey::wiped_char> : std::char_traits<char> {
  using char_type = reinstate::clearkey::wiped_char;
  static char_type to_char_type(int_type c) noexcept { return std::char_traits<char>::to_char_type(c); }
};

#endif
