// SPDX-License-Identifier: BSL-1.0
#include "license/license_chain_check.hpp"
#include "catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace reinstate;

namespace {

template <class Id>
Id numbered(unsigned number) {
  Id id;
  for (unsigned i = 0; i != 4; ++i) id.bytes[i] = static_cast<std::byte>(number >> (24 - 8 * i) & 0xff);
  return id;
}

// Key numbers; a root of 0 is none.
void add(license_chain_check& check, unsigned id, unsigned key, unsigned root = 0, std::string title = {}) {
  license item;
  item.id = numbered<license_id>(id);
  item.key = numbered<key_id>(key);
  item.title = std::move(title);
  if (root != 0) item.root = numbered<key_id>(root);
  const std::vector<std::byte> metadata = pack_metadata(item);
  check.add(as_record(item, metadata), item.root);
}

}  // namespace

TEST_CASE("a leaf whose root was taken before or after it is whole", "[chain]") {
  license_chain_check check(10);
  add(check, 1, 21, 31);
  add(check, 2, 31);
  add(check, 3, 22, 31);
  add(check, 4, 24, 24);  // its own root
  check.finish();
  CHECK(check.broken().empty());
  CHECK(check.broken_count() == 0);
}

TEST_CASE("a leaf whose root is missing is named with its title cut", "[chain]") {
  license_chain_check check(10);
  add(check, 1, 21, 31, std::string(300, 't'));
  add(check, 2, 32);
  check.finish();
  REQUIRE(check.broken().size() == 1);
  const license_outcome& leaf = check.broken()[0];
  CHECK(leaf.id == numbered<license_id>(1));
  CHECK(leaf.key == numbered<key_id>(21));
  CHECK(leaf.title == std::string(256, 't'));
  CHECK(leaf.reason == errc::license_chain_broken);
  CHECK(check.broken_count() == 1);
}

TEST_CASE("of many broken chains the first are listed and all are counted", "[chain]") {
  const std::size_t limit = GENERATE(0u, 1u, 3u, 5u, 100u);
  license_chain_check check(limit);
  for (unsigned i = 1; i <= 5; ++i) add(check, i, 20 + i, 90 - i);  // each of another root
  for (unsigned i = 6; i <= 10; ++i) add(check, i, 20 + i, 50);     // all of one
  for (unsigned i = 11; i <= 15; ++i) add(check, i, 20 + i, 60);    // of one that is there
  add(check, 16, 60);
  check.finish();
  CHECK(check.broken_count() == 10);
  REQUIRE(check.broken().size() == std::min<std::size_t>(limit, 10));
  for (unsigned i = 0; i != check.broken().size(); ++i) CHECK(check.broken()[i].id == numbered<license_id>(i + 1));
}

TEST_CASE("no license at all has no broken chain", "[chain]") {
  license_chain_check check(10);
  check.finish();
  CHECK(check.broken().empty());
}
