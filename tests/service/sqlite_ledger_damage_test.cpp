// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "claims_for_tests.hpp"
#include "service/ledger/ledger_database.hpp"
#include "sqlite/sqlite.hpp"
#include "temporary_directory.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <new>
#include <string>
#include <vector>

using namespace reinstate;
using namespace reinstate::tests;
namespace fs = std::filesystem;

namespace {

// A ledger in a folder of its own.
struct ledger_file {
  temporary_directory folder;
  fs::path file = folder.path() / "ledger";

  std::unique_ptr<ledger> open() const { return open_sqlite_ledger(file).value(); }
  error_code open_error() const { return open_sqlite_ledger(file).error(); }

  // With some licenses, an order and a list.
  void fill() const {
    const auto book = open();
    for (unsigned license = 0; license != claimed_licenses; ++license) {
      const slot_claim claims[] = {numbered_claim(license, 2), numbered_claim(license, 3)};
      REQUIRE(book->claim(claims, claiming_time).has_value());
    }
    const slot_release order{numbered_license(0), numbered_key(2), {std::byte{7}}, {}, false};
    REQUIRE(book->release({&order, 1}, claiming_time).has_value());
    REQUIRE(book->records().put_issuer({"Issuer", numbered_key(50)}));
    REQUIRE(book->records().put_revocations(numbered_key(50), 3, std::vector<std::byte>(5)));
  }

  // What somebody does with a tool of his own.
  void edit(const std::string& sql) const {
    auto database = sqlite::database::open(file).value();
    REQUIRE(database.execute(sql.c_str()).has_value());
  }
  std::int64_t ask(const std::string& sql) const {
    return sqlite::database::open(file).value().integer(sql.c_str()).value();
  }
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_to(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

error_code claim_error(ledger& in) {
  const slot_claim claim = numbered_claim(1, 2);
  return in.claim({&claim, 1}, claiming_time).error();
}

}  // namespace

TEST_CASE("a ledger is a file for its owner only in write-ahead mode", "[ledger]") {
  const ledger_file made;
  const auto book = made.open();
  REQUIRE_FALSE(claim_error(*book));
  for (const auto& entry : fs::directory_iterator(made.folder.path())) {
    CAPTURE(entry.path());
    CHECK(entry.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(fs::exists(made.file.string() + "-wal"));
  CHECK(made.ask("PRAGMA application_id") == 0x72656c67);
  CHECK(made.ask("PRAGMA user_version") == 1);
}

TEST_CASE("a ledger that is opened again has forgotten nothing", "[ledger]") {
  const ledger_file made;
  made.fill();
  const auto book = made.open();
  const auto slots = book->slots_of(claiming_owner()).value();
  CHECK(slots.size() == claimed_licenses * 3);  // with the place that the order took
  CHECK(slots[1].released_by == std::array<std::byte, 16>{std::byte{7}});
  CHECK(book->records().audit(0, 1'000)->size() == claimed_licenses * 4 + 1);
  CHECK(book->records().issuers()->size() == 1);
  CHECK(book->records().put_revocations(numbered_key(50), 2, {}).error() == errc::revocation_list_outdated);
}

TEST_CASE("two who have one ledger open see what the other does", "[ledger]") {
  const ledger_file made;
  const auto one = made.open(), other = made.open();
  const slot_claim claim = numbered_claim(1, 2);
  CHECK(one->claim({&claim, 1}, claiming_time)->front().decision == claim_result::taken);
  CHECK(other->claim({&claim, 1}, claiming_time)->front().decision == claim_result::known);
  CHECK(other->slots_of(claiming_owner())->size() == 2);
  CHECK(one->slots_of(claiming_owner())->size() == 2);
}

TEST_CASE("a ledger of a newer version is refused by name", "[ledger]") {
  const ledger_file made;
  made.fill();
  made.edit("PRAGMA user_version = 2");
  const std::string before = content_of(made.file);
  CHECK(made.open_error() == errc::ledger_version_unsupported);
  CHECK(content_of(made.file) == before);
}

TEST_CASE("a file that is no ledger is refused and left as it is", "[ledger]") {
  const ledger_file made;
  SECTION("a text") {
    write_to(made.file, std::string(5'000, 'x'));
  }
  SECTION("a database of somebody else") {
    write_to(made.file, "");
    made.edit("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  }
  SECTION("a database with the number of another program") {
    write_to(made.file, "");
    made.edit("PRAGMA application_id = 0x7265696e; PRAGMA user_version = 1");
  }
  SECTION("a ledger without a table") {
    made.fill();
    made.edit("DROP TABLE owner");
  }
  SECTION("a ledger without a column") {
    made.fill();
    made.edit("ALTER TABLE slot DROP COLUMN name");
  }
  const std::string before = content_of(made.file);
  CHECK(made.open_error() == errc::ledger_damaged);
  CHECK(content_of(made.file) == before);
}

TEST_CASE("a place where no ledger can be is refused", "[ledger]") {
  const temporary_directory folder;
  CHECK(open_sqlite_ledger(folder.path()).error() == errc::ledger_not_accessible);
  CHECK(open_sqlite_ledger(folder.path() / "missing" / "ledger").error() == errc::ledger_not_accessible);
  CHECK(open_sqlite_ledger("").error() == errc::ledger_not_accessible);
  CHECK(open_sqlite_ledger(folder.path() / std::string("a\0b", 3)).error() == errc::ledger_not_accessible);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("an empty file becomes a ledger", "[ledger]") {
  const ledger_file made;
  write_to(made.file, "");
  CHECK_FALSE(claim_error(*made.open()));
}

TEST_CASE("a ledger whose pages are damaged is refused or tells so", "[ledger]") {
  const ledger_file made;
  made.fill();
  std::string content = content_of(made.file);
  REQUIRE(content.size() > 3 * 4'096);
  SECTION("cut") {
    content.resize(content.size() / 2);
  }
  SECTION("overwritten") {
    content.replace(4'096, content.size() - 4'096, content.size() - 4'096, '\xff');
  }
  write_to(made.file, content);
  const auto opened = open_sqlite_ledger(made.file);
  CHECK((opened ? claim_error(**opened) : opened.error()) == errc::ledger_damaged);
}

TEST_CASE("a row that is not what the tables promise is told and not used", "[ledger]") {
  const ledger_file made;
  made.fill();
  made.edit("PRAGMA ignore_check_constraints = ON; UPDATE license SET new_places = x'010203'");
  CHECK(claim_error(*made.open()) == errc::ledger_damaged);
  made.edit("PRAGMA ignore_check_constraints = ON; UPDATE issuer SET key = x'01'");
  CHECK(made.open()->records().issuers().error() == errc::ledger_damaged);
  made.edit(
      "PRAGMA ignore_check_constraints = ON; UPDATE slot SET machine = x'01' WHERE machine = (SELECT max(machine)"
      " FROM slot)");
  CHECK(made.open()->slots_of(claiming_owner()).error() == errc::ledger_damaged);
}

TEST_CASE("a ledger reports the errors of its database as its own", "[ledger]") {
  const auto [error, expected] = GENERATE(table<sqlite::error, errc>({
      {sqlite::error::busy, errc::ledger_failed},
      {sqlite::error::full, errc::ledger_full},
      {sqlite::error::damaged, errc::ledger_damaged},
      {sqlite::error::version_unsupported, errc::ledger_version_unsupported},
      {sqlite::error::folder_not_found, errc::ledger_not_accessible},
      {sqlite::error::not_accessible, errc::ledger_not_accessible},
      {sqlite::error::too_large, errc::ledger_failed},
      {sqlite::error::failed, errc::ledger_failed},
  }));
  CHECK(service::ledger_error(error) == expected);
  CHECK_THROWS_AS(service::ledger_error(sqlite::error::out_of_memory), std::bad_alloc);
}

TEST_CASE("nothing is written to a ledger that was moved away", "[ledger]") {
  const ledger_file made;
  const auto book = made.open();
  fs::rename(made.file, made.folder.path() / "moved");
  CHECK(claim_error(*book) == errc::ledger_failed);
}

TEST_CASE("of a call that fails nothing is written", "[ledger]") {
  const ledger_file made;
  made.fill();
  made.edit("UPDATE license SET new_places = x'01' WHERE id = (SELECT max(id) FROM license)");
  const auto book = made.open();
  const slot_claim claims[] = {numbered_claim(0, 9), numbered_claim(claimed_licenses - 1, 9)};
  CHECK(book->claim(claims, claiming_time).error() == errc::ledger_damaged);
  CHECK(book->slots_of(claiming_owner())->size() == claimed_licenses * 3);
  CHECK_FALSE(claim_error(*book));  // and what is sound goes on
}

TEST_CASE("who asks at the same time as another whose license is damaged gets his own answer", "[ledger]") {
  const ledger_file made;
  made.fill();
  made.edit("UPDATE license SET new_places = x'01' WHERE id = (SELECT max(id) FROM license)");
  const auto book = made.open();
  std::atomic<bool> finished = false;
  auto failing = std::async(std::launch::async, [&] {
    const slot_claim claim = numbered_claim(claimed_licenses - 1, 2);
    bool answered = false;
    while (!finished) answered = answered || book->claim({&claim, 1}, claiming_time).has_value();
    return answered;
  });
  std::vector<std::future<int>> asking;
  for (unsigned number = 0; number != 5; ++number)
    asking.push_back(std::async(std::launch::async, [&book, number] {
      const slot_claim claim = numbered_claim(number, 3);
      int answers = 0;
      for (int i = 0; i != 20; ++i) answers += book->claim({&claim, 1}, claiming_time).has_value();
      return answers;
    }));
  for (auto& one : asking) CHECK(one.get() == 20);
  finished = true;
  CHECK_FALSE(failing.get());
}
