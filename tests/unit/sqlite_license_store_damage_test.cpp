// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

void overwrite_end(const std::filesystem::path& file, std::size_t pages) {
  const std::size_t bytes = pages * 16'384;
  std::string content = content_of(file);
  content.replace(content.size() - bytes, bytes, bytes, '\xff');
  write_to(file, content);
}

}  // namespace

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

TEST_CASE("an overwritten page of licenses ends the walk of a SQLite store as damage", "[store][sqlite]") {
  const sqlite_store_fixture here;
  {
    const auto store = here.open();
    const auto batch = store->begin_batch().value();
    for (std::uint8_t i = 1; i <= 100; ++i) {
      license item = license_of(i, 10);
      item.title.assign(1'000, 't');  // so that what fills the file is not payloads
      put_into(*batch, item);
    }
    REQUIRE(batch->commit());
  }
  overwrite_end(here.file, 1);
  const auto store = here.open();
  const auto cursor = store->open_cursor().value();
  auto step = cursor->next();
  while (step && *step) step = cursor->next();
  REQUIRE(step.has_error());
  CHECK(step.error() == errc::store_damaged);
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("an overwritten page of payloads costs a SQLite store these alone", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(100).reset();
  overwrite_end(here.file, 1);
  const auto store = here.open();
  const auto cursor = store->open_cursor().value();
  int opened = 0, damaged = 0;
  while (const auto record = cursor->next().value()) {
    const auto payload = cursor->payload();
    CHECK((payload || payload.error() == errc::license_damaged));
    CHECK(store->find(record->id).has_value() == payload.has_value());
    ++(payload ? opened : damaged);
  }
  CHECK(opened + damaged == 100);
  CHECK(opened > 0);
  CHECK(damaged > 0);
}

TEST_CASE("a row edited by hand no longer opens", "[store][sqlite]") {
  const auto change = GENERATE(values<std::string>({
      "UPDATE license SET id = x'01000000000000000000000000000001' WHERE place = 1",
      "UPDATE license SET key = x'00000000000000000000000000000000' WHERE place = 1",
      "UPDATE license SET revision = revision + 1 WHERE place = 1",
      "UPDATE license SET backup = 2 WHERE place = 1",
      "UPDATE license SET backup = 7 WHERE place = 1",
      "UPDATE license SET uses_left = 99 WHERE place = 1",
      "UPDATE license SET uses_left = NULL WHERE place = 1",
      "UPDATE license SET first_use = 0 WHERE place = 1",
      "UPDATE license SET metadata = x'a10363426164' WHERE place = 1",
      "UPDATE license SET metadata = x'' WHERE place = 1",
      "UPDATE payload SET sealed = x'' WHERE place = 1",
      "UPDATE payload SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE place = 1",
      "UPDATE payload SET sealed = CAST(sealed || x'00' AS BLOB) WHERE place = 1",
      "UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE place = 2) WHERE place = 1",
      "DELETE FROM payload WHERE place = 1",
  }));
  CAPTURE(change);
  const sqlite_store_fixture here;
  here.open_with(2).reset();
  here.edit(change);

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
  REQUIRE(put_license(*here.open(), license_of(1, 200'000)));
  overwrite_end(here.file, 5);  // of the dozen that the payload has to itself
  const auto store = here.open();
  CHECK(walk(*store) == 1);
  const auto cursor = store->open_cursor().value();
  REQUIRE(cursor->next().value());
  CHECK(cursor->payload().error() == errc::license_damaged);
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("a damaged license can be replaced", "[store][sqlite]") {
  const std::string damage = GENERATE("UPDATE payload SET sealed = x''", "DELETE FROM payload");
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  here.edit(damage);
  const auto store = here.open();
  REQUIRE(put_license(*store, license_of(1)));
  CHECK(store->find(license_of(1).id).has_value());
}
