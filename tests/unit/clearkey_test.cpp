// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/import/clearkey.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using reinstate::backup_right;
using reinstate::clearkey_content_key;
using reinstate::clearkey_import_options;
using reinstate::errc;
using reinstate::export_clearkey;
using reinstate::import_clearkey;
using reinstate::license;

namespace {

// A license in the form that Encrypted Media Extensions, section 9.1.4, gives as its example.
constexpr std::string_view specification_example = R"({
  "keys": [{
    "kty": "oct",
    "k": "tQ0bJVWb6b0KPL6KtZIy_A",
    "kid": "LwVHf8JLtPrv2GUXFW2v_A"
  }],
  "type": "temporary"
})";
constexpr std::string_view example_kid = "2f05477fc24bb4faefd86517156daffc";
constexpr std::string_view example_key = "b50d1b25559be9bd0a3cbe8ab59232fc";

constexpr std::string_view first = R"({"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"})";
constexpr std::string_view same_kid_other_key =
    R"({"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","kid":"LwVHf8JLtPrv2GUXFW2v_A"})";
constexpr std::string_view second = R"({"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","kid":"AAAAAAAAAAAAAAAAAAAAAQ"})";

std::string set_of(std::string_view keys) {
  return std::string(R"({"keys":[)").append(keys).append(R"(],"type":"temporary"})");
}

std::string nested(std::string_view open, std::string_view close, std::size_t levels) {
  std::string out;
  for (std::size_t i = 0; i != levels; ++i) out += open;
  for (std::size_t i = 0; i != levels; ++i) out += close;
  return out;
}

std::string hex_of(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out += digits[std::to_integer<std::size_t>(b >> 4)];
    out += digits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  return out;
}

std::string payload_of(const license& item) {
  const auto bytes = item.payload.expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<license> imported(std::string_view json) {
  auto licenses = import_clearkey(json, {});
  REQUIRE(licenses.has_value());
  return std::move(*licenses);
}

}  // namespace

TEST_CASE("The example of the specification becomes one license", "[clearkey]") {
  const auto licenses = imported(specification_example);
  REQUIRE(licenses.size() == 1);
  const license& item = licenses.front();
  CHECK(to_string(item.key) == example_kid);
  CHECK(item.revision == 1);
  CHECK(item.format == "clearkey");
  CHECK(item.issuer.empty());
  CHECK(payload_of(item) ==
        R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}],"type":"temporary"})");

  const auto key = clearkey_content_key(item);
  REQUIRE(key.has_value());
  CHECK(hex_of(key->expose()) == example_key);
}

TEST_CASE("The backup right is denied unless the caller grants it", "[clearkey]") {
  CHECK(imported(specification_example).front().rights.backup == backup_right::denied);

  const auto granted = import_clearkey(specification_example, {"Film", backup_right::granted});
  REQUIRE(granted.has_value());
  CHECK(granted->front().rights.backup == backup_right::granted);
  CHECK(granted->front().title == "Film");
}

TEST_CASE("The same key imported again is the same license", "[clearkey]") {
  const auto once = imported(specification_example);
  const auto again = imported(set_of(first));
  CHECK(once.front().id == again.front().id);
  CHECK(imported(set_of(same_kid_other_key)).front().id != once.front().id);
}

TEST_CASE("The payload of every license is a set that can be imported", "[clearkey]") {
  const auto licenses = imported(set_of(std::string(first).append(",").append(second)));
  REQUIRE(licenses.size() == 2);
  for (const license& item : licenses) {
    const auto again = imported(payload_of(item));
    REQUIRE(again.size() == 1);
    CHECK(again.front().id == item.id);
    CHECK(again.front().key == item.key);
  }
}

TEST_CASE("A key that a set names twice becomes one license", "[clearkey]") {
  CHECK(imported(set_of(std::string(first).append(",").append(first))).size() == 1);
}

TEST_CASE("Unknown members are ignored wherever they stand", "[clearkey]") {
  const std::string json = GENERATE(
      as<std::string>(),  //
      R"({"x":1,"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
      R"({"keys":[{"alg":"A128KW","use":null,"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
      R"({"keys":[{"kty":"oct","x":{"k":"!","kty":["RSA",{"kid":1}]},"k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
      R"({"a":{"keys":[{"kty":"RSA"}]},"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}],"b":[[{}],"keys"]})",
      R"({"kty":"RSA","k":5,"kid":false,"keys":[{"keys":[1],"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}],"type":7.5})");
  CAPTURE(json);
  const auto licenses = imported(json);
  REQUIRE(licenses.size() == 1);
  CHECK(to_string(licenses.front().key) == example_kid);
}

TEST_CASE("Escaped characters in names and values are what they stand for", "[clearkey]") {
  const auto licenses = imported(
      R"({"\u006beys":[{"k\u0074y":"o\u0063t","k":"\u0074Q0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_\u0041"}]})");
  CHECK(hex_of(clearkey_content_key(licenses.front())->expose()) == example_key);
}

TEST_CASE("What is not a key set is malformed", "[clearkey]") {
  struct row {
    const char* defect;
    std::string json;
  };
  const auto [defect, json] = GENERATE(values<row>({
      {"nothing at all", ""},
      {"white space", " \n"},
      {"not JSON", "license"},
      {"XML", "<license/>"},
      {"a number", "5"},
      {"null", "null"},
      {"a string", R"("keys")"},
      {"an array", "[]"},
      {"an empty object", "{}"},
      {"no list of keys", R"({"type":"temporary"})"},
      {"an empty list of keys", R"({"keys":[]})"},
      {"a list that is an object", R"({"keys":{}})"},
      {"a list that is a string", R"({"keys":"none"})"},
      {"a list that is null", R"({"keys":null})"},
      {"a key that is a string", R"({"keys":["tQ0bJVWb6b0KPL6KtZIy_A"]})"},
      {"a key that is a list", R"({"keys":[[]]})"},
      {"an empty key", R"({"keys":[{}]})"},
      {"a good key and an empty one", set_of(std::string(first).append(",{}"))},
      {"no kty", R"({"keys":[{"k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"no k", R"({"keys":[{"kty":"oct","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"no kid", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A"}]})"},
      {"another kty", R"({"keys":[{"kty":"RSA","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a kty in capitals", R"({"keys":[{"kty":"OCT","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a k that is a number", R"({"keys":[{"kty":"oct","k":1,"kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a k that is an object", R"({"keys":[{"kty":"oct","k":{},"kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a kid that is null", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":null}]})"},
      {"padding", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A==","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"the other alphabet", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy/A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"trailing bits", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_B","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a space in k", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_ A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"a zero in k", R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A\u0000","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"k twice",
       R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})"},
      {"two lists of keys", std::string(R"({"keys":[)").append(first).append(R"(],"keys":[]})")},
      {"one key id with two keys", set_of(std::string(first).append(",").append(same_kid_other_key))},
      {"a comma too many", set_of(std::string(first).append(","))},
      {"a comment", set_of(std::string("/* */").append(first))},
      {"cut short", std::string(specification_example.substr(0, specification_example.size() - 1))},
      {"something after the end", std::string(specification_example).append("{}")},
      {"a zero byte and something after it", std::string(specification_example).append(1, '\0').append("{")},
      {"a zero byte inside", std::string(R"({"keys")").append(1, '\0').append(":[]}")},
      {"text that is not UTF-8", R"({"x":")"
                                 "\xff"
                                 R"(","keys":[]})"},
      {"half a surrogate pair", R"({"x":"\ud800","keys":[]})"},
      {"a number out of range", R"({"x":1e999,"keys":[]})"},
  }));
  CAPTURE(defect);
  const auto licenses = import_clearkey(json, {});
  REQUIRE(licenses.has_error());
  CHECK(licenses.error() == errc::import_malformed);
}

TEST_CASE("Every beginning of a key set is malformed", "[clearkey]") {
  for (std::size_t size = 0; size != specification_example.size(); ++size) {
    CAPTURE(size);
    CHECK(import_clearkey(specification_example.substr(0, size), {}).error() == errc::import_malformed);
  }
}

TEST_CASE("A key or key id of another size is refused by name", "[clearkey]") {
  const std::string json =
      GENERATE(as<std::string>(),  //
               R"({"keys":[{"kty":"oct","k":"","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
               R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
               R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_AAA","kid":"LwVHf8JLtPrv2GUXFW2v_A"}]})",
               R"({"keys":[{"kty":"oct","k":"tQ0bJVWb6b0KPL6KtZIy_A","kid":"LwVHf8JLtPrv2GUXFW2v"}]})");
  CAPTURE(json);
  CHECK(import_clearkey(json, {}).error() == errc::import_key_not_16_bytes);
}

TEST_CASE("Nesting beyond 32 levels is refused before it costs anything", "[clearkey]") {
  const std::size_t levels = 100'000;
  const std::string json = GENERATE_COPY(
      as<std::string>(),  //
      nested("[", "]", levels), nested(R"({"a":)", "}", levels), R"({"x":)" + nested("[", "]", levels) + "}",
      R"({"keys":)" + nested("[", "]", levels) + "}", R"({"keys":[{"k":)" + nested("[", "]", levels) + "}]}",
      std::string(levels, '['), R"({"keys":[{"x":)" + std::string(levels, '['));
  CHECK(import_clearkey(json, {}).error() == errc::import_nested_too_deep);
}

TEST_CASE("Nesting of 32 levels is read", "[clearkey]") {
  const auto with_levels = [](std::size_t levels) {
    return std::string(R"({"x":)").append(nested("[", "]", levels - 1)).append(R"(,"keys":[)").append(first) + "]}";
  };
  CHECK(imported(with_levels(32)).size() == 1);
  CHECK(import_clearkey(with_levels(33), {}).error() == errc::import_nested_too_deep);
}

TEST_CASE("A set larger than permitted is refused unread", "[clearkey]") {
  clearkey_import_options options;
  options.max_bytes = specification_example.size();
  CHECK(import_clearkey(specification_example, options).has_value());
  options.max_bytes -= 1;
  CHECK(import_clearkey(specification_example, options).error() == errc::import_too_large);
  CHECK(import_clearkey(std::string(2 * 1024 * 1024, ' '), {}).error() == errc::import_too_large);
}

TEST_CASE("The content key comes only from an undamaged license of this format", "[clearkey]") {
  auto item = std::move(imported(specification_example).front());

  SECTION("another format") {
    item.format = "lcp";
    CHECK(clearkey_content_key(item).error() == errc::invalid_argument);
  }
  SECTION("no payload") {
    item.payload = {};
    CHECK(clearkey_content_key(item).error() == errc::license_damaged);
  }
  SECTION("the payload of another key id") {
    item.payload = std::move(imported(set_of(second)).front().payload);
    CHECK(clearkey_content_key(item).error() == errc::license_damaged);
  }
  SECTION("a payload cut short") {
    const auto bytes = item.payload.expose();
    item.payload = reinstate::secret_bytes::copy_of(bytes.first(bytes.size() - 1));
    CHECK(clearkey_content_key(item).error() == errc::license_damaged);
  }
}

TEST_CASE("An exported set has all the licenses and comes back as the same ones", "[clearkey]") {
  const auto licenses = imported(set_of(std::string(first).append(",").append(second)));
  const auto exported = export_clearkey(licenses);
  REQUIRE(exported.has_value());
  const std::string text(reinterpret_cast<const char*>(exported->expose().data()), exported->size());
  CHECK(text == set_of(std::string(second).append(",").append(first)));  // in the order of key ids

  const auto again = imported(text);
  REQUIRE(again.size() == 2);
  for (std::size_t i = 0; i != 2; ++i) {
    CHECK(again[i].id == licenses[i].id);
    CHECK(again[i].payload == licenses[i].payload);
  }
}

TEST_CASE("A set of one exported license is its payload", "[clearkey]") {
  const auto licenses = imported(specification_example);
  const auto exported = export_clearkey(licenses);
  REQUIRE(exported.has_value());
  CHECK(*exported == licenses.front().payload);
}

TEST_CASE("The same key twice is exported once", "[clearkey]") {
  auto licenses = imported(specification_example);
  licenses.push_back(std::move(imported(specification_example).front()));
  const auto exported = export_clearkey(licenses);
  REQUIRE(exported.has_value());
  CHECK(*exported == licenses.front().payload);
}

TEST_CASE("What one set cannot hold is not exported at all", "[clearkey]") {
  auto licenses = imported(specification_example);
  const auto [spoil, expected] = GENERATE(table<std::function<void(std::vector<license>&)>, errc>({
      {[](std::vector<license>& items) { items.clear(); }, errc::invalid_argument},
      {[](std::vector<license>& items) { items.push_back(std::move(imported(set_of(same_kid_other_key))[0])); },
       errc::invalid_argument},
      {[](std::vector<license>& items) { items[0].format = "opaque"; }, errc::invalid_argument},
      {[](std::vector<license>& items) { items[0].payload = reinstate::secret_bytes(3); }, errc::license_damaged},
      {[](std::vector<license>& items) { items[0].key = {}; }, errc::license_damaged},
  }));
  spoil(licenses);
  const auto exported = export_clearkey(licenses);
  REQUIRE(exported.has_error());
  CHECK(exported.error() == expected);
}
