// SPDX-License-Identifier: BSL-1.0
#include "lcp/text_base64.hpp"

#include "catch.hpp"

using reinstate::lcp::base64_decode;

TEST_CASE("Base 64 stands for the bytes that RFC 4648 says", "[lcp]") {
  struct row {
    std::string text;
    std::string bytes;
  };
  const auto [text, bytes] = GENERATE(values<row>({
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYg==", "foob"},
      {"AAAA", std::string(3, '\0')},
      {"+/+/", "\xfb\xff\xbf"},
  }));
  CAPTURE(text);
  CHECK(base64_decode(text) == bytes);
}

TEST_CASE("Other texts are not base 64", "[lcp]") {
  const std::string text =
      GENERATE(as<std::string>(), "Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v====", "Zg==Zg==", "=Zg=", "Zm9v\n",
               " Zm9", "Zm9v    ", "Zm-_", "Zm9\xc3", std::string("Zm9\0", 4));
  CAPTURE(text);
  CHECK_FALSE(base64_decode(text).has_value());
}
