// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_WIPED_INPUT_HPP
#define REINSTATE_IMPORT_WIPED_INPUT_HPP

#include <cstddef>
#include <iterator>
#include <string>

namespace reinstate::clearkey {

// A character that is overwritten when it goes. nlohmann's lexer records every token it reads, for its error messages,
// in a vector of the input's character type: with this one, no key stays behind in that vector or in what it outgrew.
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

// Hands a text to nlohmann as wiped_char.
struct wiped_input {
  using iterator_category = std::input_iterator_tag;
  using value_type = wiped_char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  const char* at;

  char operator*() const noexcept { return *at; }
  wiped_input& operator++() noexcept { return ++at, *this; }
  wiped_input operator++(int) noexcept { return {at++}; }
  friend bool operator==(wiped_input, wiped_input) noexcept = default;
};

}  // namespace reinstate::clearkey

// What nlohmann asks of a character type.
template <>
struct std::char_traits<reinstate::clearkey::wiped_char> : std::char_traits<char> {
  using char_type = reinstate::clearkey::wiped_char;
  static char_type to_char_type(int_type c) noexcept { return std::char_traits<char>::to_char_type(c); }
};

#endif
