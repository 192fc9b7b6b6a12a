// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "hooked_store.hpp"
#include "sqlite_store_fixture.hpp"

#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>
#include <reinstate/plugins/memory_license_store.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace reinstate;
using namespace std::chrono_literals;

namespace {

const std::chrono::sys_seconds today = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1};

constexpr key_id wanted{{std::byte{1}}};
constexpr key_id other{{std::byte{2}}};

license_id id_of(unsigned number) {
  license_id id;
  id.bytes[0] = static_cast<std::byte>(number);
  return id;
}

// License `number`, whose content key is that number 16 times.
license clearkey_license(unsigned number, const key_id& key = wanted) {
  license item;
  item.id = id_of(number);
  item.key = key;
  item.format = "clearkey";
  constexpr const char* keys[] = {"", "AQEBAQEBAQEBAQEBAQEBAQ", "AgICAgICAgICAgICAgICAg", "AwMDAwMDAwMDAwMDAwMDAw"};
  const std::string kid = key == wanted ? "AQAAAAAAAAAAAAAAAAAAAA" : "AgAAAAAAAAAAAAAAAAAAAA";
  const std::string text =
      R"({"keys":[{"kty":"oct","k":")" + std::string(keys[number]) + R"(","kid":")" + kid + R"("}]})";
  item.payload = secret_bytes::copy_of(std::as_bytes(std::span(text)));
  return item;
}

license with_format(license item, const char* format) {
  item.format = format;
  return item;
}

license expired(license item) {
  item.rights.not_after = today - 1s;
  return item;
}

license not_started(license item) {
  item.rights.not_before = today + 1s;
  return item;
}

license used_up(license item) {
  item.state.uses_left = 0;
  return item;
}

license broken(license item) {
  item.payload = secret_bytes(10);
  return item;
}

std::unique_ptr<license_store> store_of(auto&&... items) {
  auto store = make_memory_license_store();
  (put_license(*store, items).value(), ...);
  return store;
}

error_code error_of(license_store& store) {
  const auto key = content_key(store, wanted, today);
  return key ? error_code() : key.error();
}

bool is_key_of(const result<secret_bytes>& key, unsigned number) {
  return key && *key == secret_bytes::copy_of(std::vector<std::byte>(16, static_cast<std::byte>(number)));
}

}  // namespace

TEST_CASE("the content key is that of the first license of its key id", "[content_key]") {
  const auto store = store_of(clearkey_license(3), clearkey_license(2), clearkey_license(1, other));
  CHECK(is_key_of(content_key(*store, wanted), 2));
  CHECK(is_key_of(content_key(*store, other), 1));
}

TEST_CASE("a key id that no license has is not found", "[content_key]") {
  CHECK(error_of(*store_of()) == errc::license_not_found);
  CHECK(error_of(*store_of(clearkey_license(1, other))) == errc::license_not_found);
}

TEST_CASE("a license of a format that another program opens gives no content key", "[content_key]") {
  const auto* const format = GENERATE("keygen", "lcp", "opaque", "");
  CHECK(error_of(*store_of(with_format(clearkey_license(1), format))) == errc::content_key_unavailable);
}

TEST_CASE("a license is passed over where another of the key id opens", "[content_key]") {
  const auto spoil = GENERATE(as<std::function<license(license)>>(), broken, expired, not_started, used_up,
                              [](license item) { return with_format(std::move(item), "opaque"); });
  CHECK(is_key_of(content_key(*store_of(spoil(clearkey_license(1)), clearkey_license(2)), wanted, today), 2));
}

TEST_CASE("a license gives its key from its first second to its last", "[content_key]") {
  license item = clearkey_license(1);
  item.rights.not_before = today;
  item.rights.not_after = today + 1h;
  const auto store = store_of(item);
  CHECK(content_key(*store, wanted, today - 1s).error() == errc::license_not_started);
  CHECK(is_key_of(content_key(*store, wanted, today), 1));
  CHECK(is_key_of(content_key(*store, wanted, today + 1h), 1));
  CHECK(content_key(*store, wanted, today + 1h + 1s).error() == errc::license_expired);
}

TEST_CASE("without a time given it is now", "[content_key]") {
  license item = clearkey_license(1);
  item.rights.not_after = std::chrono::sys_days{std::chrono::year{2001} / 1 / 1};
  CHECK(content_key(*store_of(item), wanted).error() == errc::license_expired);
  item.rights.not_after = std::chrono::sys_days{std::chrono::year{2200} / 1 / 1};
  CHECK(is_key_of(content_key(*store_of(item), wanted), 1));
}

TEST_CASE("a license gives its key as long as it has uses left and asking takes none", "[content_key]") {
  license item = clearkey_license(1);
  item.state.uses_left = 1;
  const auto store = store_of(item);
  CHECK(is_key_of(content_key(*store, wanted), 1));
  CHECK(is_key_of(content_key(*store, wanted), 1));
  CHECK(store->find(item.id)->state.uses_left == 1u);
  CHECK(error_of(*store_of(used_up(clearkey_license(1)))) == errc::license_used_up);
}

TEST_CASE("a leaf gives its key only beside its root", "[content_key]") {
  license leaf = clearkey_license(2);
  leaf.root = other;
  CHECK(error_of(*store_of(leaf)) == errc::license_chain_broken);
  CHECK(error_of(*store_of(leaf, with_format(clearkey_license(1), "lcp"))) == errc::license_chain_broken);
  CHECK(error_of(*store_of(leaf, expired(clearkey_license(1)))) == errc::license_expired);
  // Whichever of the two comes first in the store, and whatever format the root has.
  const unsigned number = GENERATE(1u, 3u);
  CHECK(is_key_of(content_key(*store_of(leaf, clearkey_license(number, other)), wanted, today), 2));
  CHECK(is_key_of(content_key(*store_of(leaf, with_format(clearkey_license(number, other), "opaque")), wanted, today),
                  2));
  CHECK(is_key_of(content_key(*store_of(leaf, clearkey_license(3)), wanted, today), 3));  // one that is no leaf
}

TEST_CASE("a store that fails while a root is looked for has its own error", "[content_key]") {
  license leaf = clearkey_license(1);
  leaf.root = other;
  int opened = 0;
  test::hooked_store store(store_of(leaf), [&opened](test::store_call call) -> error_code {
    return call == test::store_call::open_cursor && ++opened == 2 ? error_code(errc::store_busy) : error_code();
  });
  CHECK(error_of(store) == errc::store_busy);
}

TEST_CASE("of several licenses that fail the error says what can be done best", "[content_key]") {
  const auto first = clearkey_license(1), second = clearkey_license(2);
  CHECK(error_of(*store_of(broken(clearkey_license(1)))) == errc::license_damaged);
  CHECK(error_of(*store_of(broken(clearkey_license(1)), with_format(clearkey_license(2), "lcp"))) ==
        errc::content_key_unavailable);
  CHECK(error_of(*store_of(with_format(clearkey_license(1), "lcp"), broken(clearkey_license(2)))) ==
        errc::content_key_unavailable);
  CHECK(error_of(*store_of(with_format(clearkey_license(1), "lcp"), expired(clearkey_license(2)))) ==
        errc::license_expired);
  CHECK(error_of(*store_of(used_up(clearkey_license(1)), expired(clearkey_license(2)))) == errc::license_expired);
}

TEST_CASE("a license whose payload does not open on this machine gives no content key", "[content_key]") {
  const tests::sqlite_store_fixture fixture;
  const auto store = fixture.open();
  put_license(*store, clearkey_license(1)).value();
  fixture.edit("UPDATE payload SET sealed = zeroblob(length(sealed))");
  CHECK(error_of(*store) == errc::license_damaged);
  put_license(*store, clearkey_license(2)).value();
  CHECK(is_key_of(content_key(*store, wanted), 2));
}

TEST_CASE("no payload is opened but the one that is asked for", "[content_key]") {
  int opened = 0;
  test::hooked_store store(store_of(clearkey_license(1, other), expired(clearkey_license(2)), clearkey_license(3)),
                           [&opened](test::store_call call) -> error_code {
                             opened += call == test::store_call::payload;
                             return {};
                           });
  CHECK(is_key_of(content_key(store, wanted, today), 3));
  CHECK(opened == 1);
}

TEST_CASE("what the store has to complain about is no missing license", "[content_key]") {
  const auto failing = GENERATE(test::store_call::open_cursor, test::store_call::next, test::store_call::payload);
  test::hooked_store store(store_of(clearkey_license(1)), [failing](test::store_call call) -> error_code {
    return call == failing ? error_code(errc::store_busy) : error_code();
  });
  CHECK(error_of(store) == errc::store_busy);
}
