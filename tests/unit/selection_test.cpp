// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "license/selector.hpp"
#include "license/title_pattern.hpp"

#include <reinstate/selection.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace reinstate;

namespace {

template <class Id>
Id numbered(unsigned number) {
  Id id;
  for (unsigned i = 0; i != 4; ++i) id.bytes[i] = static_cast<std::byte>(number >> (24 - 8 * i) & 0xff);
  return id;
}

// A license and the record that refers to it.
struct sample {
  license item;
  std::vector<std::byte> metadata;

  license_record record() const { return as_record(item, metadata); }
};

sample packed(license item) {
  std::vector<std::byte> metadata = pack_metadata(item);
  return {std::move(item), std::move(metadata)};
}

license film() {
  license item;
  item.id = numbered<license_id>(1);
  item.key = numbered<key_id>(11);
  item.format = "clearkey";
  item.issuer = "https://issuer.example";
  item.title = "A Film";
  return item;
}

struct chained_row {
  unsigned id, key, root = 0;  // numbers; a root of 0 is none
};

std::vector<sample> chained(const std::vector<chained_row>& links) {
  std::vector<sample> all;
  for (const chained_row& each : links) {
    license item;
    item.id = numbered<license_id>(each.id);
    item.key = numbered<key_id>(each.key);
    if (each.root != 0) item.root = numbered<key_id>(each.root);
    all.push_back(packed(std::move(item)));
  }
  return all;
}

license_selection of_licenses(std::initializer_list<unsigned> ids) {
  license_selection selection;
  for (const unsigned id : ids) selection.licenses.push_back(numbered<license_id>(id));
  return selection;
}

// The numbers of the licenses that are taken, in the order they are asked for.
std::vector<unsigned> taken(const license_selection& selection, const std::vector<sample>& all) {
  selector chosen(selection);
  if (chosen.needs_look())
    for (const sample& each : all) chosen.look(each.record());
  std::vector<unsigned> ids;
  for (const sample& each : all)
    if (chosen.takes(each.record())) ids.push_back(std::to_integer<unsigned>(each.item.id.bytes[3]));
  return ids;
}

using numbers = std::vector<unsigned>;

// What a pattern means, said without care for time: each '*' tries every length.
bool slowly_matches(std::string_view pattern, std::string_view title) {
  if (pattern.empty()) return title.empty();
  if (pattern[0] == '*') {
    for (std::size_t skipped = 0; skipped <= title.size(); ++skipped)
      if (slowly_matches(pattern.substr(1), title.substr(skipped))) return true;
    return false;
  }
  return !title.empty() && (pattern[0] == '?' || pattern[0] == title[0]) &&
         slowly_matches(pattern.substr(1), title.substr(1));
}

}  // namespace

TEST_CASE("an empty selection is everything", "[selection]") {
  const sample item = packed(film());
  CHECK(license_selection().selects_all());
  CHECK(matches({}, item.record()));
  CHECK_FALSE(selector(license_selection()).needs_look());
  CHECK(selector(license_selection()).takes(item.record()));
}

TEST_CASE("each list of a selection decides", "[selection]") {
  const sample item = packed(film());
  const bool fits = GENERATE(true, false);
  const int list = GENERATE(range(0, 5));
  license_selection selection;
  if (list == 0) selection.licenses = {numbered<license_id>(7), numbered<license_id>(fits ? 1 : 2)};
  if (list == 1) selection.keys = {numbered<key_id>(70), numbered<key_id>(fits ? 11 : 12)};
  if (list == 2) selection.issuers = {"other", fits ? "https://issuer.example" : "https://issuer.exampl"};
  if (list == 3) selection.formats = {"lcp", fits ? "clearkey" : "Clearkey"};
  if (list == 4) selection.titles = {"b*", fits ? "a*" : "film"};
  CHECK_FALSE(selection.selects_all());
  CHECK(matches(selection, item.record()) == fits);
  CHECK(selector(selection).needs_look());
  CHECK(selector(selection).takes(item.record()) == fits);
}

TEST_CASE("of several lists all must match", "[selection]") {
  const sample item = packed(film());
  license_selection selection;
  selection.issuers = {"https://issuer.example"};
  selection.titles = {"*film"};
  CHECK(matches(selection, item.record()));
  selection.formats = {"lcp"};
  CHECK_FALSE(matches(selection, item.record()));
  CHECK_FALSE(selector(selection).takes(item.record()));
}

TEST_CASE("metadata that cannot be read has empty texts and is still found by id", "[selection]") {
  sample damaged = packed(film());
  damaged.metadata.pop_back();
  CHECK(matches(of_licenses({1}), damaged.record()));
  license_selection by_text;
  by_text.issuers = {"https://issuer.example"};
  CHECK_FALSE(matches(by_text, damaged.record()));
  by_text.issuers = {""};
  CHECK(matches(by_text, damaged.record()));
}

TEST_CASE("a pattern is compared with the whole title", "[selection][pattern]") {
  struct row {
    const char* pattern;
    const char* title;
    bool fits;
  };
  const row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"***", "anything", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"film", "A Film", false},
      {"*film", "A Film", true},
      {"*FILM*", "a film, part 2", true},
      {"a*m", "A Film", true},
      {"a*m", "A Films", false},
      {"*a*b", "ab ab", true},
      {"*a*b", "ab ba", false},
      {"?*?", "ab", true},
      {"?*?", "a", false},
      {"*??", "ab", true},
      {"a\\*b", "a*b", true},
      {"a\\*b", "axb", false},
      {"\\?", "?", true},
      {"\\?", "a", false},
      {"\\\\", "\\", true},
      {"\\a", "A", true},  // what is taken literally is still a letter
      {"a\\", "a\\", true},
      {"a\\", "a", false},
      {"[az]", "a", false},  // no other character means anything
      {"[az]", "[AZ]", true},
      {"@", "`", false},  // beside the letters, and 32 apart
      {"[", "{", false},
      {"a\nb", "A\nB", true},
      {"a?b",
       "a\x01"
       "b",
       true},
  };
  for (const row& each : rows) {
    CAPTURE(each.pattern, each.title);
    CHECK(title_matches(each.pattern, each.title) == each.fits);
  }
}

TEST_CASE("a question mark is one character of UTF-8", "[selection][pattern]") {
  const std::string film = "\xd9\x81\xd9\x8a\xd9\x84\xd9\x85";  // four Arabic letters
  CHECK(title_matches("????", film));
  CHECK_FALSE(title_matches("???", film));
  CHECK_FALSE(title_matches("*?????", film));
  CHECK(title_matches("\xd9\x81*\xd9\x85", film));
  CHECK(title_matches("*\xd9\x8a*", film));
  CHECK(title_matches("\\\xd9\x81*", film));
  CHECK_FALSE(title_matches("\xd9*", film));  // half a letter
  CHECK_FALSE(title_matches("*\x85", film));
  CHECK(title_matches("?", "\xe4\xb8\xad"));
  CHECK_FALSE(title_matches("*??", "\xe4\xb8\xad"));
  CHECK(title_matches("?", "\xf0\x9f\x8e\xac"));
  CHECK_FALSE(title_matches("\xc3\xa4", "\xc3\x84"));  // letters with an umlaut have no other form here
}

TEST_CASE("a byte that is no part of a character counts as one", "[selection][pattern]") {
  const std::string title =
      GENERATE(values<std::string>({"\xff", "\x80", "\xc3", "\xe4", "\xc1", "\xf5", std::string(1, '\0')}));
  CHECK(title_matches("?", title));
  CHECK(title_matches(title, title));
  CHECK(title_matches("a?b", "a" + title + "b"));
  CHECK_FALSE(title_matches("a??b", "a" + title + "b"));
  CHECK(title_matches("*" + title + "*", "x" + title + title));
  CHECK_FALSE(title_matches("*" + title + "y", "x" + title + "z"));
}

TEST_CASE("a pattern decides as trying everything would", "[selection][pattern]") {
  std::mt19937 random(1);
  const auto text = [&](std::string_view letters, std::size_t most) {
    std::string out(random() % (most + 1), ' ');
    for (char& each : out) each = letters[random() % letters.size()];
    return out;
  };
  int matched = 0;
  for (int i = 0; i != 20000; ++i) {
    const std::string pattern = text("ab?**", 7), title = text("ab", 9);
    CAPTURE(pattern, title);
    const bool expected = slowly_matches(pattern, title);
    matched += expected;
    REQUIRE(title_matches(pattern, title) == expected);
  }
  CHECK(matched > 1000);
  CHECK(matched < 19000);
}

// Where the time grew with a power of the title, these would not end.
TEST_CASE("a title of a megabyte is compared with many stars", "[selection][pattern]") {
  const std::string title(1'000'000, 'a');
  CHECK_FALSE(title_matches("*a*a*a*a*b", title));
  CHECK_FALSE(title_matches("*aaaa*aaaa*?b", title));
  CHECK(title_matches("*a*a*a*a*", title));
  CHECK(title_matches("*a*a*a*a*a", title));
  CHECK_FALSE(title_matches(std::string(100'000, '*') + "b", title));
  CHECK_FALSE(title_matches("*?*?*?*b", std::string(1'000'000, '\x80')));
}

TEST_CASE("a selection of very many ids is searched", "[selection]") {
  license_selection selection;
  for (unsigned i = 0; i != 100'000; ++i) {
    selection.licenses.push_back(numbered<license_id>(2 * (100'000 - i)));
    selection.keys.push_back(numbered<key_id>(2 * (100'000 - i)));
    selection.issuers.push_back("issuer " + std::to_string(2 * i));
  }
  std::vector<sample> all;
  for (unsigned i = 1; i <= 100'000; ++i) {
    license item;
    item.id = numbered<license_id>(i);
    item.key = numbered<key_id>(i);
    item.issuer = "issuer " + std::to_string(i);
    all.push_back(packed(std::move(item)));
  }
  CHECK(taken(selection, all).size() == 50'000);
}

TEST_CASE("who takes a leaf takes its root and not the other leaves", "[selection][chain]") {
  const std::vector<sample> all = chained({{1, 21, 9}, {2, 22, 9}, {3, 9}, {4, 24}, {5, 9}});
  CHECK(taken(of_licenses({2}), all) == numbers{2, 3, 5});  // each license with the root's key may be the one
}

TEST_CASE("who takes a root takes its leaves", "[selection][chain]") {
  const std::vector<sample> all = chained({{1, 21, 9}, {2, 22, 9}, {3, 9}, {4, 24}, {5, 25, 8}});
  CHECK(taken(of_licenses({3}), all) == numbers{1, 2, 3});
  CHECK(taken(of_licenses({4}), all) == numbers{4});
}

TEST_CASE("chains of three links stay together", "[selection][chain]") {
  const std::vector<sample> all = chained({{1, 21, 31}, {2, 31, 41}, {3, 41}, {4, 22, 31}, {5, 51, 41}});
  CHECK(taken(of_licenses({1}), all) == numbers{1, 2, 3});
  CHECK(taken(of_licenses({2}), all) == numbers{1, 2, 3, 4});
  CHECK(taken(of_licenses({3}), all) == numbers{1, 2, 3, 4, 5});
}

TEST_CASE("chains that go round in a circle end", "[selection][chain]") {
  const std::vector<sample> all = chained({{1, 21, 22}, {2, 22, 23}, {3, 23, 21}, {4, 24, 24}});
  CHECK(taken(of_licenses({2}), all) == numbers{1, 2, 3});
  CHECK(taken(of_licenses({4}), all) == numbers{4});
}

TEST_CASE("a chain of very many links is followed", "[selection][chain]") {
  std::vector<chained_row> links;
  for (unsigned i = 1; i <= 50'000; ++i) links.push_back({i, i, i + 1});
  const std::vector<sample> all = chained(links);
  CHECK(taken(of_licenses({1}), all).size() == all.size());
  CHECK(taken(of_licenses({50'000}), all).size() == all.size());
}

TEST_CASE("whatever the chains no leaf is taken without its root", "[selection][chain]") {
  std::mt19937 random(2);
  const auto up_to = [&](unsigned most) { return static_cast<unsigned>(1 + random() % most); };
  for (int round = 0; round != 500; ++round) {
    std::vector<chained_row> links;
    for (unsigned i = 1; i <= 20; ++i) links.push_back({i, up_to(12), up_to(2) == 1 ? up_to(12) : 0});
    const std::vector<sample> all = chained(links);
    const license_selection selection = of_licenses({up_to(20), up_to(20)});
    const numbers ids = taken(selection, all);

    std::set<key_id> keys, there, brought;
    for (const sample& each : all) {
      there.insert(each.item.key);
      if (matches(selection, each.record())) brought.insert(each.item.key);
    }
    for (const unsigned id : ids) keys.insert(all[id - 1].item.key);
    for (const sample& each : all) {
      const unsigned id = std::to_integer<unsigned>(each.item.id.bytes[3]);
      const bool is_taken = std::ranges::binary_search(ids, id);
      CAPTURE(round, id);
      if (matches(selection, each.record())) CHECK(is_taken);
      if (!each.item.root) continue;
      if (brought.contains(*each.item.root)) CHECK(is_taken);
      if (is_taken && there.contains(*each.item.root)) CHECK(keys.contains(*each.item.root));
    }
  }
}
