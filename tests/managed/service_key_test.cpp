// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "fixed_keys.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::test;

TEST_CASE("the key of a service is read from its text", "[managed]") {
  const service_key key = fixed_keys().service_keys;
  const std::string text = to_string(key);
  CHECK(text.size() == 109);
  CHECK(text.starts_with("reinstate-service:"));
  CHECK(parse_service_key(text).value() == key);
}

TEST_CASE("a mistyped key of a service is refused", "[managed]") {
  const std::string text = to_string(fixed_keys().service_keys);
  const auto is_refused = [](const std::string& typed) {
    const auto read = parse_service_key(typed);
    return !read && read.error() == errc::invalid_argument;
  };
  for (std::size_t at = 0; at != text.size(); ++at) {
    std::string typed = text;
    for (const char c : {'A', 'b', '7', '-', '=', ' ', '\xe4', '\0'}) {
      typed[at] = c;
      CHECK((typed == text || is_refused(typed)));
    }
    CHECK(is_refused(text.substr(0, at)));
    typed = text;
    if (at != 0) std::swap(typed[at], typed[at - 1]);
    CHECK((typed == text || is_refused(typed)));
  }
  CHECK(is_refused(text + "A"));
  CHECK(is_refused(text + "\n"));
  CHECK(is_refused(" " + text));
}
