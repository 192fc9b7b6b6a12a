// SPDX-License-Identifier: BSL-1.0
#include "lcp/json_text.hpp"

#include "catch.hpp"

using reinstate::errc;
using reinstate::lcp::canonical_json;
using reinstate::lcp::read_json;

namespace {

std::string canonical(std::string_view json) {
  const auto read = read_json(json);
  REQUIRE(read.has_value());
  return canonical_json(*read);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i != times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("The canonical form is what section 5.3 describes", "[lcp]") {
  struct row {
    const char* rule;
    std::string json;
    std::string canonical;
  };
  const auto [rule, json, expected] = GENERATE(values<row>({
      {"nothing", "{}", "{}"},
      {"white space goes", " { \"a\" : [ 1 ,\n\t2 ] , \"b\" : { } }\r\n", R"({"a":[1,2],"b":{}})"},
      {"white space within strings stays", R"({"a b":"  c "})", R"({"a b":"  c "})"},
      {"members are sorted", R"({"b":1,"a":2,"c":3})", R"({"a":2,"b":1,"c":3})"},
      {"members are sorted on every level", R"({"b":[{"d":1,"c":[{"f":1,"e":2}]}],"a":{"z":0,"y":0}})",
       R"({"a":{"y":0,"z":0},"b":[{"c":[{"e":2,"f":1}],"d":1}]})"},
      {"the order of elements stays", R"({"a":["c","a","b",[2,1]]})", R"({"a":["c","a","b",[2,1]]})"},
      {"capitals come first", R"({"a":1,"B":2})", R"({"B":2,"a":1})"},
      {"a name before those it begins", R"({"ab":1,"a":2,"":3})", R"({"":3,"a":2,"ab":1})"},
      // U+1F4D6 comes after U+FF21, although its first UTF-16 unit comes before.
      {"by code point, not by code unit", R"({"\ud83d\udcd6":1,"\uff21":2})",
       "{\"\xef\xbc\xa1\":2,\"\xf0\x9f\x93\x96\":1}"},
      {"needless escapes go", R"({"\u0061":"\u00e9\/\u007f\u2028"})", "{\"a\":\"\xc3\xa9/\x7f\xe2\x80\xa8\"}"},
      {"needed escapes stay", R"({"\"":"\\ \" \u005c \u0022"})", R"({"\"":"\\ \" \\ \""})"},
      {"control characters are escaped", R"({"a":"\u0000\u000b\u001f\u001B"})", R"({"a":"\u0000\u000B\u001F\u001B"})"},
      {"control characters with letters", R"({"a":"\u0008\u0009\u000a\u000c\u000d\n"})", R"({"a":"\b\t\n\f\r\n"})"},
      {"literals", R"({"a":[true,false,null]})", R"({"a":[true,false,null]})"},
      {"integers", R"({"a":[0,-0,7,-7,18446744073709551615]})", R"({"a":[0,0,7,-7,18446744073709551615]})"},
      {"integers no machine word holds", R"({"a":123456789012345678901234567890})",
       R"({"a":123456789012345678901234567890})"},
      {"integers in disguise", R"({"a":[1.0,1e2,-2.50e1,100e-2,0.0,-0e9]})", R"({"a":[1,100,-25,1,0,0]})"},
      {"fractions", R"({"a":[1.5,0.5,-12.250,0.00100,15e-1]})", R"({"a":[1.5E0,5E-1,-1.225E1,1E-3,1.5E0]})"},
      {"large numbers", R"({"a":[1e20,1.5e+30,1E19]})", R"({"a":[1E20,1.5E30,10000000000000000000]})"},
      {"digits that a double does not hold", R"({"a":0.1000000000000000000000000001})",
       R"({"a":1.000000000000000000000000001E-1})"},
  }));
  CAPTURE(rule);
  CHECK(canonical(json) == expected);
  CHECK(canonical(expected) == expected);
}

TEST_CASE("An object that names a member twice has no canonical form", "[lcp]") {
  const std::string json = GENERATE(as<std::string>(), R"({"a":1,"a":1})", R"({"a":1,"b":2,"\u0061":3})",
                                    R"({"x":[{"a":{"b":1,"c":2,"b":1}}]})", R"({"":1,"":2})");
  CAPTURE(json);
  CHECK(read_json(json).error() == errc::import_malformed);
}

TEST_CASE("Only one JSON object is a document", "[lcp]") {
  const std::string json =
      GENERATE(as<std::string>(), "", " ", "5", "null", "\"a\"", "[]", "[{}]", "{", "{}}", "{}{}", "{'a':1}",
               "{\"a\":1,}", "{a:1}", "/**/{}", "{\"a\":01}", "{\"a\":.5}", "{\"a\":+1}", "{\"a\":1e999}",
               "{\"a\":1e-99999999999}", "{\"a\":NaN}", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\n\"}",
               std::string("{}\0{}", 5), std::string("{\"\0\":1}", 7));
  CAPTURE(json);
  CHECK(read_json(json).error() == errc::import_malformed);
}

TEST_CASE("A document nests up to 32 levels", "[lcp]") {
  const auto nested = [](std::size_t levels) {
    return "{\"a\":" + repeated("[", levels - 1) + repeated("]", levels - 1) + "}";
  };
  CHECK(canonical(nested(32)) == nested(32));
  CHECK(read_json(nested(33)).error() == errc::import_nested_too_deep);
  CHECK(read_json(nested(100'000)).error() == errc::import_nested_too_deep);
  CHECK(read_json(repeated("{\"a\":", 100'000)).error() == errc::import_nested_too_deep);
}
