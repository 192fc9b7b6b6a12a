// SPDX-License-Identifier: BSL-1.0
#include "asked.hpp"
#include "catch.hpp"
#include "hooked_store.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::test;

// Operations that are about some licenses only.

namespace {

license chained(unsigned number, unsigned root) {
  license item = make_license(number);
  item.root = make_license(root).key;
  return item;
}

std::set<license_id> ids(std::initializer_list<unsigned> numbers) {
  std::set<license_id> out;
  for (const unsigned number : numbers) out.insert(id_of(number));
  return out;
}

struct some_licenses {
  machine a, b;
  shared_files stick = std::make_shared<memory_files>();

  some_licenses() {
    individualized(a);
    for (unsigned i = 0; i != 8; ++i) {
      license item = make_license(i);
      item.issuer = i % 2 == 0 ? "Even" : "Odd";
      item.format = i < 4 ? "opaque" : "clearkey";
      a.put(item);
    }
  }

  // What a backup of a selection holds.
  std::set<license_id> backed_up(const license_selection& selection) {
    const auto empty = std::make_shared<memory_files>();
    REQUIRE(!ask(a, empty, backup_options{.selection = selection}).error);
    machine other;
    REQUIRE(!other.restore(empty).error);
    return ids_in(*other.store);
  }

  // What a restore of a selection gives of a backup of everything.
  std::set<license_id> restored(const license_selection& selection) {
    const auto full = std::make_shared<memory_files>();
    REQUIRE(!a.backup(full).error);
    machine other;
    REQUIRE(!ask(other, full, restore_options{.selection = selection}).error);
    return ids_in(*other.store);
  }
};

license_selection titled(std::string pattern) {
  return {.titles = {std::move(pattern)}};
}

}  // namespace

TEST_CASE("each criterion of a selection chooses in a backup and in a restore alike", "[engine][selection]") {
  some_licenses t;
  const std::vector<std::pair<license_selection, std::set<license_id>>> all{
      {{}, ids({0, 1, 2, 3, 4, 5, 6, 7})},
      {{.licenses = {id_of(6), id_of(1)}}, ids({1, 6})},
      {{.keys = {make_license(7).key, make_license(2).key}}, ids({2, 7})},
      {{.issuers = {"Odd"}}, ids({1, 3, 5, 7})},
      {{.formats = {"clearkey"}}, ids({4, 5, 6, 7})},
      {titled("title ?"), ids({0, 1, 2, 3, 4, 5, 6, 7})},
      {titled("*5"), ids({5})},
      {{.licenses = {id_of(1), id_of(5), id_of(6)}, .issuers = {"Odd"}, .formats = {"clearkey"}}, ids({5})},
      {{.licenses = {id_of(1)}, .titles = {"*2"}}, ids({})},
  };
  for (const auto& [selection, expected] : all) {
    CHECK(t.backed_up(selection) == expected);
    CHECK(t.restored(selection) == expected);
  }
}

TEST_CASE("chained licenses travel together in a backup and in a restore", "[engine][selection]") {
  some_licenses t;
  t.a.put(chained(20, 3));
  t.a.put(chained(21, 3));
  // Who takes a leaf takes its root, but not the other leaves; who takes a root takes its leaves.
  CHECK(t.backed_up({.licenses = {id_of(20)}}) == ids({3, 20}));
  CHECK(t.restored({.licenses = {id_of(20)}}) == ids({3, 20}));
  CHECK(t.backed_up({.licenses = {id_of(3)}}) == ids({3, 20, 21}));
  CHECK(t.restored({.licenses = {id_of(3)}}) == ids({3, 20, 21}));
}

TEST_CASE("a leaf without its root is taken with a warning by a backup and by a restore", "[engine][selection]") {
  some_licenses t;
  t.a.put(chained(20, 90));
  license restricted = make_license(91);
  restricted.rights.backup = backup_right::denied;
  t.a.put(restricted);
  t.a.put(chained(21, 91));
  for (const license_selection& selection :
       {license_selection(), license_selection{.licenses = {id_of(20), id_of(21)}}}) {
    t.stick->clear();
    const ended backup = ask(t.a, t.stick, backup_options{.selection = selection});
    REQUIRE(!backup.error);
    const std::map<license_id, error_code> broken{{id_of(20), errc::license_chain_broken},
                                                  {id_of(21), errc::license_chain_broken}};
    CHECK(reasons(backup.report.warnings) == broken);
    CHECK(backup.report.warnings[0].title == "Title 20");
    machine other;
    const ended restore = ask(other, t.stick, restore_options{.selection = selection});
    REQUIRE(!restore.error);
    CHECK(reasons(restore.report.warnings) == broken);
    CHECK(other.store->find(id_of(20)).has_value());
  }
}

TEST_CASE("a backup of some licenses removes no older one", "[engine][selection]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  license_selection selection = titled("*5");
  SECTION("that passes over some") {
  }
  SECTION("that takes all the store has, which is less than the backup") {
    remove(*t.a.store, 0);
    selection = titled("*");
  }
  const memory_files before = *t.stick;
  const ended second = ask(t.a, t.stick, backup_options{.flags = backup_flags::overwrite, .selection = selection});
  REQUIRE(!second.error);
  CHECK(second.report.generations_removed.empty());
  for (const auto& [name, content] : before) CHECK(t.stick->at(name) == content);
}

TEST_CASE("a selective update leaves everything else in the backup as it was", "[engine][selection]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  for (const unsigned i : {1u, 2u}) edit(*t.a.store, i, [](license& item) { item.title = "changed"; });
  remove(*t.a.store, 6);
  t.a.put(make_license(30));
  t.a.put(make_license(31));
  const ended update =
      ask(t.a, t.stick,
          backup_options{.flags = backup_flags::update, .selection = {.licenses = {id_of(1), id_of(6), id_of(30)}}});
  REQUIRE(!update.error);
  CHECK(update.report.licenses_done == 2);
  CHECK(update.report.licenses_removed == 0);
  machine other;
  REQUIRE(!other.restore(t.stick).error);
  CHECK(ids_in(*other.store) == ids({0, 1, 2, 3, 4, 5, 6, 7, 30}));
  CHECK(other.store->find(id_of(1))->title == "changed");
  CHECK(other.store->find(id_of(2))->title == "Title 2");
}

TEST_CASE("no keep policy lets a selective update lose what it is not about", "[engine][selection][keep]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  for (unsigned i = 0; i != 3; ++i) {
    edit(*t.a.store, 5, [](license&) {});
    const ended update = ask(
        t.a, t.stick, backup_options{.flags = backup_flags::update, .selection = titled("*5"), .keep = {.last = 1}});
    REQUIRE(!update.error);
    machine other;
    REQUIRE(!other.restore(t.stick).error);
    CHECK(same_contents(*other.store, *t.a.store));
  }
}

TEST_CASE("selective updates lose nothing however many there are", "[engine][selection][keep]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  for (unsigned i = 0; i != 70; ++i) {
    edit(*t.a.store, 5, [](license&) {});
    REQUIRE(!ask(t.a, t.stick, backup_options{.flags = backup_flags::update, .selection = titled("*5")}).error);
  }
  CHECK(t.stick->contains("000001/manifest"));
  machine other;
  REQUIRE(!ask(other, t.stick, restore_options{.generation = 64}).error);
  CHECK(ids_in(*other.store) == ids_in(*t.a.store));
}

TEST_CASE("a license that can no longer be opened stays in the backup that has it", "[engine][keep]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  const auto whole = t.a.store;
  t.a.store = std::make_shared<hooked_store>(whole, [&, opened = 0](store_call call) mutable -> error_code {
    if (call == store_call::open_cursor) opened = 0;
    return call == store_call::payload && ++opened == 4 ? error_code(errc::license_damaged) : error_code();
  });
  edit(*whole, 1, [](license&) {});
  // Only a generation that holds everything is within this policy, and it takes the damaged license over.
  const ended update = ask(t.a, t.stick, backup_options{.flags = backup_flags::update, .keep = {.last = 1}});
  REQUIRE(!update.error);
  CHECK(reasons(update.report.outcomes) == std::map<license_id, error_code>{{id_of(3), errc::license_damaged}});
  CHECK(update.report.builds_on == 0);
  CHECK(update.report.generations_removed == std::vector<std::uint32_t>{1});
  machine other;
  REQUIRE(!other.restore(t.stick).error);
  CHECK(other.store->find(id_of(3)).has_value());
}

TEST_CASE("where nothing is selected nothing happens", "[engine][selection]") {
  some_licenses t;
  REQUIRE(!t.a.backup(t.stick).error);
  const memory_files before = *t.stick;
  const license_selection nothing = titled("no such title");
  const ended update = ask(t.a, t.stick, backup_options{.flags = backup_flags::update, .selection = nothing});
  CHECK(!update.error);
  CHECK(update.report.licenses_done == 0);
  CHECK(*t.stick == before);
  CHECK(ask(t.a, t.stick, backup_options{.flags = backup_flags::overwrite, .selection = nothing}).error ==
        errc::nothing_to_back_up);
  CHECK(*t.stick == before);
  const ended restore = ask(t.b, t.stick, restore_options{.selection = nothing});
  CHECK(!restore.error);
  CHECK(restore.report.licenses_done == 0);
  CHECK(contents(*t.b.store).empty());
}

TEST_CASE("a selection of a hundred thousand ids is as good as a short one", "[engine][selection]") {
  some_licenses t;
  license_selection many;
  for (unsigned i = 0; i != 100'000; ++i) {
    license_id id = id_of(i % 65'536);
    id.bytes[5] = std::byte{1};  // none that is there
    id.bytes[6] = static_cast<std::byte>(i >> 16);
    many.licenses.push_back(id);
  }
  many.licenses[77'777] = id_of(4);
  many.licenses[3] = id_of(2);
  // Compared with every license one by one this would take minutes.
  for (unsigned i = 100; i != 5'000; ++i) t.a.put(make_license(i, 1));
  CHECK(t.backed_up(many) == ids({2, 4}));
  CHECK(t.restored(many) == ids({2, 4}));
}
