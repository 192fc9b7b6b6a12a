// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/keep_policy.hpp>
#include <reinstate/selection.hpp>

#include <string>
#include <string_view>
#include <vector>

// What docs/backups-over-time.md quotes.

using namespace reinstate;

namespace {

// [selection]
license_selection films_of_two_issuers() {
  license_selection selection;
  selection.issuers = {"https://films.example", "https://cinema.example"};
  selection.titles = {"*film*", "Part ? of *"};
  return selection;
}
// [/selection]

// [chain]
license leaf_of(const license& root) {
  license leaf;
  leaf.format = root.format;
  leaf.root = root.key;
  return leaf;
}
// [/chain]

// [keep]
result<std::string> normal_form(std::string_view typed) {
  const result<keep_policy> policy = parse_keep_policy(typed);
  if (!policy) return policy.error();
  return to_string(*policy);
}
// [/keep]

}  // namespace

TEST_CASE("the selection in the documentation names what it says", "[page]") {
  license film;
  film.issuer = "https://cinema.example";
  film.title = "PART 2 of a series";
  const auto is_named = [&] {
    const std::vector<std::byte> metadata = pack_metadata(film);
    return matches(films_of_two_issuers(), as_record(film, metadata));
  };
  CHECK(is_named());
  film.title = "Part 12 of a series";
  CHECK_FALSE(is_named());
  film.title = "A film in Arabic: \xd9\x81\xd9\x8a\xd9\x84\xd9\x85";
  CHECK(is_named());
  film.issuer += '/';
  CHECK_FALSE(is_named());
}

TEST_CASE("the leaf in the documentation names its root", "[page]") {
  license root;
  root.key.bytes.fill(std::byte{7});
  const license leaf = leaf_of(root);
  const std::vector<std::byte> metadata = pack_metadata(leaf);
  CHECK(root_of(as_record(leaf, metadata)) == root.key);
}

TEST_CASE("the keep policy in the documentation is written in one form", "[page]") {
  CHECK(normal_form("monthly=12,daily=7,last=3").value() == "last=3,daily=7,monthly=12");
  CHECK(normal_form("last=0").error() == errc::invalid_argument);
}
