// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;

TEST_CASE("a file that is no license store is refused and left as it is", "[store][sqlite]") {
  const sqlite_store_fixture here;
  SECTION("no database") {
    write_to(here.file, std::string(100'000, 'x'));
  }
  SECTION("a short text") {
    write_to(here.file, "short");
  }
  SECTION("another program's database") {
    write_to(here.file, "");
    here.edit("CREATE TABLE license (id BLOB)");
  }
  SECTION("a database of another program that says so") {
    write_to(here.file, "");
    here.edit("PRAGMA application_id = 1");
  }
  SECTION("a database that only says it is a license store") {
    write_to(here.file, "");
    here.edit("PRAGMA journal_mode = WAL; PRAGMA application_id = 0x7265696e; PRAGMA user_version = 1");
  }
  const std::string before = content_of(here.file);
  CHECK(here.open_error() == errc::store_damaged);
  CHECK((content_of(here.file) == before));  // in parentheses: not to be printed
}

TEST_CASE("an empty file becomes a license store", "[store][sqlite]") {
  const sqlite_store_fixture here;  // what is left where the process was killed in the middle of creating one
  write_to(here.file, "");
  CHECK(put_license(*here.open(), license_of(1)));
  CHECK(walk(*here.open()) == 1);
}

TEST_CASE("a SQLite store of a newer version is refused", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  here.edit("PRAGMA user_version = 2");
  CHECK(here.open_error() == errc::store_version_unsupported);
}

TEST_CASE("a SQLite store cut short is refused and left as it is", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(100).reset();
  const auto size = std::filesystem::file_size(here.file);
  const auto kept = GENERATE_COPY(size - 16'384, size / 2, std::uintmax_t{16'384}, std::uintmax_t{100});
  std::filesystem::resize_file(here.file, kept);
  const std::string before = content_of(here.file);
  CHECK(here.open_error() == errc::store_damaged);
  CHECK((content_of(here.file) == before));  // in parentheses: not to be printed
}

TEST_CASE("an overwritten page of a SQLite store ends the walk as damage", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(100).reset();
  std::string content = content_of(here.file);
  content.replace(content.size() - 16'384, 16'384, 16'384, '\xff');
  write_to(here.file, content);
  const auto store = here.open();
  const auto cursor = store->open_cursor().value();
  auto step = cursor->next();
  while (step && *step) step = cursor->next();
  REQUIRE(step.has_error());
  CHECK(step.error() == errc::store_damaged);
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("a row edited by hand no longer opens", "[store][sqlite]") {
  const auto change = GENERATE(values<std::string>({
      "id = x'01000000000000000000000000000001'",
      "key = x'00000000000000000000000000000000'",
      "revision = revision + 1",
      "backup = 2",
      "backup = 7",
      "uses_left = 99",
      "uses_left = NULL",
      "first_use = 0",
      "metadata = x'a10363426164'",
      "metadata = x''",
      "sealed = x''",
      "sealed = substr(sealed, 1, length(sealed) - 1)",
      "sealed = CAST(sealed || x'00' AS BLOB)",
      "sealed = (SELECT sealed FROM license WHERE hex(id) LIKE '02%')",
  }));
  CAPTURE(change);
  const sqlite_store_fixture here;
  here.open_with(2).reset();
  here.edit("UPDATE license SET " + change + " WHERE hex(id) LIKE '01%'");

  const auto store = here.open();
  const auto cursor = store->open_cursor().value();
  const auto edited = cursor->next().value().value();
  CHECK(edited.id.bytes[0] == std::byte{1});
  CHECK(cursor->payload().error() == errc::license_damaged);
  CHECK(cursor->payload().error() == errc::license_damaged);
  CHECK(store->find(edited.id).error() == errc::license_damaged);
  REQUIRE(cursor->next().value());
  CHECK(cursor->payload().value().size() == 500);
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("a walk that opens no payload reads none", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto item = license_of(1, 200'000);
  REQUIRE(put_license(*here.open(), item));
  std::string content = content_of(here.file);
  // Such a payload fills pages of its own, each of which begins with the number of the next.
  const std::size_t page = 16'384, last = content.size() / page - 1;
  for (std::size_t n = last - 5; n <= last; ++n) content.replace(n * page, page, page, '\xff');
  write_to(here.file, content);

  const auto store = here.open();
  CHECK(walk(*store) == 1);
  const auto cursor = store->open_cursor().value();
  REQUIRE(cursor->next().value());
  CHECK(cursor->payload().error() == errc::store_damaged);
  CHECK_FALSE(cursor->next().value());
  CHECK(cursor->payload().error() == errc::invalid_argument);
}

TEST_CASE("a damaged license can be replaced", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  here.edit("UPDATE license SET sealed = x''");
  const auto store = here.open();
  REQUIRE(put_license(*store, license_of(1)));
  CHECK(store->find(license_of(1).id).has_value());
}
