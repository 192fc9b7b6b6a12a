// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/directory_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// The settings of a restorer. Values are strings that own their memory, so the original's question for a length comes
// down to `size()`, and no buffer can be too small.

TEST_CASE("the two paths can be set and are given back as they were set", "[C20][C21]") {
  player p;
  CHECK(p.restorer->set_prop("BackupPath", "/media/stick/licenses"));
  CHECK(p.restorer->set_prop("RestorePath", "/media/other/licenses"));
  CHECK(p.restorer->prop_by_name("BackupPath").value() == "/media/stick/licenses");
  CHECK(p.restorer->prop_by_name("RestorePath").value() == "/media/other/licenses");
}

TEST_CASE("a property that is refused changes nothing", "[C25]") {
  player p;
  const std::size_t before = p.restorer->prop_count();
  CHECK(hresult_of(p.restorer->set_prop("", "elsewhere")) == hr::invalid_argument);
  CHECK(p.restorer->prop_count() == before);
  CHECK(p.restorer->prop_by_name(backup_path_property).value() == "stick");
}

TEST_CASE("setting a property again replaces its value", "[C30]") {
  player p;
  const std::size_t before = p.restorer->prop_count();
  CHECK(p.restorer->set_prop(backup_path_property, "elsewhere"));
  CHECK(p.restorer->prop_by_name(backup_path_property).value() == "elsewhere");
  CHECK(p.restorer->prop_count() == before);
}

TEST_CASE("properties of unknown names are kept and given back", "[C31][O13]") {
  player p;
  for (const std::string name : {"ItemColor", "x", "Pfad für später", " BackupPath"}) {
    CHECK(p.restorer->set_prop(name, "value of " + name));
    CHECK(p.restorer->prop_by_name(name).value() == "value of " + name);
  }
  CHECK_FALSE(p.backup());
}

TEST_CASE("names are compared exactly", "[C32][O13]") {
  player p;
  p.restorer->remove_all_props();
  for (const std::string name : {"backuppath", "BACKUPPATH", "BackupPath ", "Backup"}) {
    CHECK(p.restorer->set_prop(name, "stick"));
    CHECK(p.restorer->prop_by_name(backup_path_property).error() == errc::property_not_set);
    CHECK(hresult_of(p.start_backup()) == hr::invalid_property);
  }
}

TEST_CASE("a value of any length and content arrives whole", "[C33][C41][C42][C43][C44][O8]") {
  player p;
  const std::string zero_inside("a\0b", 3);
  for (const std::string& value : {std::string(), std::string("x"), zero_inside, std::string(65'534, 'y'),
                                   std::string(65'535, 'z'), std::string(1'000'000, 'w')}) {
    CHECK(p.restorer->set_prop("a name", value));
    CHECK(p.restorer->prop_by_name("a name").value() == value);
    CHECK(p.restorer->prop_by_index(2).value() == property{"a name", value});
  }
}

TEST_CASE("a property can be removed once", "[C34][C35][O13]") {
  player p;
  CHECK(p.restorer->remove_prop(backup_path_property));
  CHECK(p.restorer->prop_by_name(backup_path_property).error() == errc::property_not_set);
  CHECK(p.restorer->remove_prop(backup_path_property).error() == errc::property_not_set);
  CHECK(p.restorer->remove_prop("").error() == errc::property_not_set);
  CHECK(p.restorer->prop_count() == 1);
}

TEST_CASE("all properties can be removed, also where there are none", "[C36]") {
  player p;
  p.restorer->remove_all_props();
  CHECK(p.restorer->prop_count() == 0);
  p.restorer->remove_all_props();
  CHECK(p.restorer->prop_count() == 0);
}

TEST_CASE("property calls send no event", "[C39]") {
  player p;
  CHECK(p.restorer->set_prop("BackupPath", "elsewhere"));
  CHECK_FALSE(p.restorer->set_prop("", ""));
  (void)p.restorer->prop_by_name("missing");
  (void)p.restorer->prop_by_index(99);
  CHECK(p.restorer->remove_prop("BackupPath"));
  p.restorer->remove_all_props();
  CHECK(p.executors.run_until_idle() == 0);
  CHECK(p.events.empty());
}

TEST_CASE("properties are counted and listed in order of name", "[C40][C44][C45][O8]") {
  player p;
  p.restorer->remove_all_props();
  for (const char* name : {"delta", "alpha", "charlie", "Bravo"}) CHECK(p.restorer->set_prop(name, name));
  CHECK(p.restorer->prop_count() == 4);
  std::vector<std::string> names;
  for (std::size_t i = 0; i != p.restorer->prop_count(); ++i) names.push_back(p.restorer->prop_by_index(i)->name);
  CHECK(names == std::vector<std::string>{"Bravo", "alpha", "charlie", "delta"});
  CHECK(p.restorer->prop_by_index(4).error() == errc::invalid_argument);
  CHECK(p.restorer->prop_by_index(static_cast<std::size_t>(-1)).error() == errc::invalid_argument);
}

TEST_CASE("properties survive an operation and serve the next", "[C46]") {
  player p;
  REQUIRE_FALSE(p.backup());
  REQUIRE_FALSE(p.backup(backup_flags::overwrite));
  REQUIRE_FALSE(p.restore());
  CHECK(p.restorer->prop_by_name(backup_path_property).value() == "stick");
}

TEST_CASE("an operation goes on with the values it started with", "[C47]") {
  player p;
  std::vector<std::string> asked;
  p.open([&](const std::string& path) {
    asked.push_back(path);
    return make_memory_medium(p.stick);
  });
  REQUIRE(p.start_backup(backup_flags::overwrite));
  REQUIRE(p.restorer->set_prop(backup_path_property, "elsewhere"));
  CHECK_FALSE(p.finish());
  CHECK(asked == std::vector<std::string>{"stick"});
}

TEST_CASE("properties belong to one restorer", "[C48]") {
  player p;
  const auto second =
      *create_backup_restorer(p.config_with([&](const std::string&) { return make_memory_medium(p.stick); }));
  CHECK(second->prop_count() == 0);
  CHECK(second->set_prop(backup_path_property, "elsewhere"));
  CHECK(p.restorer->prop_by_name(backup_path_property).value() == "stick");
}

TEST_CASE("a path reaches the medium letter by letter, whatever its style", "[C49]") {
  const std::string path = GENERATE("/media/stick", "/media/Größe/Лицензии/許可", "A:\\", "D:\\Licenses", "c:\\",
                                    "\\\\server\\share", "a b");
  player p;
  std::string asked;
  p.open([&](const std::string& given) {
    asked = given;
    return make_memory_medium(p.stick);
  });
  REQUIRE(p.restorer->set_prop(backup_path_property, path));
  REQUIRE(p.restorer->set_prop(restore_path_property, path));
  REQUIRE_FALSE(p.backup());
  CHECK(asked == path);
  asked.clear();
  REQUIRE_FALSE(p.restore());
  CHECK(asked == path);
}

TEST_CASE("folders with names of any script take a backup and give it back", "[C49]") {
  const tests::temporary_directory folder;
  const auto there = folder.path() / std::filesystem::path(u8"Größe Лицензии 許可");
  std::filesystem::create_directory(there);
  const std::u8string name = there.u8string();
  const std::string path(name.begin(), name.end());
  player p;
  p.open(directory_medium_factory());
  REQUIRE(p.restorer->set_prop(backup_path_property, path));
  REQUIRE(p.restorer->set_prop(restore_path_property, path));
  REQUIRE_FALSE(p.backup());
  CHECK(std::filesystem::exists(there / "000001" / "manifest"));
  CHECK_FALSE(p.restore());
}

TEST_CASE("the passphrase can be set and removed, and is never given back", "[O13]") {
  player p;
  const std::size_t before = p.restorer->prop_count();
  CHECK(p.restorer->set_prop(passphrase_property, "a secret"));
  CHECK(p.restorer->prop_count() == before);
  CHECK_FALSE(p.restorer->prop_by_name(passphrase_property).has_value());
  REQUIRE_FALSE(p.backup());
  CHECK(p.passphrases_asked == 0);

  other_player q(p);
  CHECK(q.restore() == errc::wrong_passphrase);
  REQUIRE(q.restorer->set_prop(passphrase_property, "a secret"));
  CHECK_FALSE(q.restore());
  CHECK(q.restorer->remove_prop(passphrase_property));
  CHECK(q.restorer->remove_prop(passphrase_property).error() == errc::property_not_set);
}
