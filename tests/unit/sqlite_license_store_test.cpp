// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"
#include "store/store_error.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/testing/license_store_suite.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

// Whether the file's header says that it goes with a write-ahead log. [sqlite.org/fileformat2.html, 1.3.3]
bool has_log(const std::filesystem::path& file) {
  return content_of(file).at(18) == 2;
}

// Runs `work` in a process that is killed at its end.
void killed_after(const std::function<void()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child != -1);
  if (child == 0) {
    work();
    ::raise(SIGKILL);
  }
  int state = 0;
  REQUIRE(::waitpid(child, &state, 0) == child);
  REQUIRE(WIFSIGNALED(state));
}

}  // namespace

TEST_CASE("the SQLite store keeps the contract of license stores", "[store][sqlite]") {
  for (const auto& check : testing::license_store_contract()) {
    DYNAMIC_SECTION(check.promise) {
      const sqlite_store_fixture here;
      int made = 0;
      CHECK_NOTHROW(check.run(
          [&] { return open_sqlite_license_store(here.folder.path() / std::to_string(made++), here.machine); }));
    }
  }
}

// --- the file, and the identity, are others than before ---

TEST_CASE("a SQLite store notices that its identity has become another one", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto identity_file = here.folder.path() / "machine.key";
  const std::shared_ptr<machine_identity> machine = make_file_machine_identity(identity_file);
  REQUIRE(machine->individualize());
  const auto store = open_sqlite_license_store(here.file, machine).value();
  REQUIRE(put_license(*store, license_of(1)));
  std::filesystem::remove(identity_file);
  CHECK(store->open_cursor().error() == errc::store_of_another_machine);
  CHECK(store->begin_batch().error() == errc::store_of_another_machine);
  REQUIRE(machine->individualize());
  CHECK(store->open_cursor().error() == errc::store_of_another_machine);
  CHECK(put_license(*store, license_of(2)).error() == errc::store_of_another_machine);
}

TEST_CASE("a SQLite store writes to the file at its place, not to one that was moved away", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  for (const std::string suffix : {"", "-wal", "-shm"})
    if (std::filesystem::exists(here.file.string() + suffix))
      std::filesystem::rename(here.file.string() + suffix, here.file.string() + ".old" + suffix);
  CHECK(put_license(*store, license_of(2)).error() == errc::store_not_accessible);
  const auto other = here.open_with(0);
  REQUIRE(put_license(*store, license_of(2)));
  CHECK(walk(*other) == 1);
  CHECK(other->find(license_of(2).id).has_value());
}

// --- the file ---

TEST_CASE("a reopened SQLite store holds what was stored", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(3).reset();
  const auto store = here.open();
  CHECK(walk(*store) == 3);
  const auto found = store->find(license_of(2).id);
  REQUIRE(found.has_value());
  CHECK(found->payload == license_of(2).payload);
  CHECK(found->title == "Title");
}

TEST_CASE("a SQLite store is readable by its owner only, its journal included", "[store][sqlite]") {
  const mode_t usual = ::umask(0);
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  REQUIRE(put_license(*store, license_of(2)));  // which goes to the write-ahead log
  ::umask(usual);
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    struct stat info {};
    REQUIRE(::stat((here.file.string() + suffix).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
}

TEST_CASE("no payload and no word of it is in the files of a SQLite store", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  REQUIRE(put_license(*store, license_of(2)));  // which goes to the write-ahead log
  const std::string payload(16, '\x5a');
  CHECK(content_of(here.file).find(payload) == std::string::npos);
  CHECK(content_of(here.file.string() + "-wal").find(payload) == std::string::npos);
}

TEST_CASE("a SQLite store in a folder that does not exist is not opened", "[store][sqlite]") {
  sqlite_store_fixture here;
  here.file = here.folder.path() / "absent" / "licenses.db";
  CHECK(here.open_error() == errc::path_not_found);
}

TEST_CASE("a SQLite store that may not be read is not opened", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  if (::geteuid() == 0) {
    WARN("skipped: root may read everything");
    return;
  }
  REQUIRE(::chmod(here.file.c_str(), 0) == 0);
  CHECK(here.open_error() == errc::store_not_accessible);
}

TEST_CASE("a folder in place of a SQLite store is not opened", "[store][sqlite]") {
  sqlite_store_fixture here;
  here.file = here.folder.path();
  CHECK(here.open_error() == errc::store_not_accessible);
}

TEST_CASE("a store without a file name or a machine is refused", "[store][sqlite]") {
  const sqlite_store_fixture here;
  CHECK(open_sqlite_license_store({}, here.machine).error() == errc::invalid_argument);
  CHECK(open_sqlite_license_store(here.file, nullptr).error() == errc::invalid_argument);
}

TEST_CASE("a relative file name is meant from where the process was when the store was opened", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(here.folder.path());
  const auto store = open_sqlite_license_store("relative.db", here.machine).value();
  std::filesystem::current_path(before);
  CHECK(put_license(*store, license_of(1)));
  CHECK(walk(*store) == 1);
  CHECK(std::filesystem::exists(here.folder.path() / "relative.db"));
}

// --- machines ---

TEST_CASE("a SQLite store of another machine opens no license", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  const bool individualized = GENERATE(true, false);
  const std::shared_ptr<machine_identity> other = individualized ? new_machine() : make_memory_machine_identity();
  const auto store = open_sqlite_license_store(here.file, other).value();
  CHECK(store->describe().value().licenses == 1);
  CHECK(store->open_cursor().error() == errc::store_of_another_machine);
  CHECK(store->find(license_of(1).id).error() == errc::store_of_another_machine);
  CHECK(store->begin_batch().error() == errc::store_of_another_machine);
  CHECK(walk(*here.open()) == 1);
}

TEST_CASE("an owner changed by hand makes no store one's own", "[store][sqlite]") {
  const sqlite_store_fixture here, other;
  here.open_with(1).reset();
  other.open_with(1).reset();
  SECTION("its name alone") {
    here.edit("ATTACH '" + other.file.string() +
              "' AS other; UPDATE machine SET fingerprint = (SELECT fingerprint FROM other.machine)");
    const auto store = open_sqlite_license_store(here.file, other.machine).value();
    CHECK(store->open_cursor().error() == errc::store_damaged);
  }
  SECTION("its name and proof") {
    here.edit("ATTACH '" + other.file.string() +
              "' AS other; DELETE FROM machine; INSERT INTO machine SELECT * FROM other.machine");
    const auto store = open_sqlite_license_store(here.file, other.machine).value();
    CHECK(store->find(license_of(1).id).error() == errc::license_damaged);
  }
  SECTION("none at all") {
    here.edit("DELETE FROM machine");
    const auto store = open_sqlite_license_store(here.file, other.machine).value();
    CHECK(store->open_cursor().error() == errc::store_damaged);
    CHECK(store->begin_batch().error() == errc::store_damaged);
  }
}

TEST_CASE("an empty SQLite store belongs to the first machine that writes to it", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open();
  REQUIRE(store->begin_batch());  // and is abandoned
  const auto other = open_sqlite_license_store(here.file, new_machine()).value();
  CHECK(walk(*other) == 0);
  REQUIRE(put_license(*other, license_of(1)));
  CHECK(store->open_cursor().error() == errc::store_of_another_machine);
}

TEST_CASE("a machine without keys reads an empty SQLite store and writes to it when it has them", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const std::shared_ptr<machine_identity> machine = make_memory_machine_identity();
  const auto store = open_sqlite_license_store(here.file, machine).value();
  CHECK(store->describe().value().licenses == 0);
  CHECK(walk(*store) == 0);
  CHECK(store->find(license_of(1).id).error() == errc::license_not_found);
  CHECK(store->begin_batch().error() == errc::needs_individualization);
  REQUIRE(machine->individualize());
  REQUIRE(put_license(*store, license_of(1)));
  CHECK(walk(*store) == 1);
}

// --- several at once, and sudden ends ---

TEST_CASE("a reader sees its snapshot while another program commits", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto reading = here.open_with(3);
  const auto writing = here.open();
  const auto cursor = reading->open_cursor().value();
  REQUIRE(cursor->next().value());
  for (std::uint8_t i = 1; i != 50; ++i) REQUIRE(put_license(*writing, license_of(i, 20'000)));
  for (int rest = 2; rest != 0; --rest) {
    REQUIRE(cursor->next().value());
    CHECK(cursor->payload().value().size() == 500);
  }
  CHECK_FALSE(cursor->next().value());
  CHECK(walk(*reading) == 49);
}

TEST_CASE("a batch into an empty store is written past the log where nobody else has it open", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open();
  const bool alone = GENERATE(true, false);
  std::unique_ptr<license_store> other;
  if (!alone) other = here.open();
  {
    const auto batch = store->begin_batch().value();
    put_into(*batch, license_of(1));
    CHECK(has_log(here.file) == !alone);
    CHECK(walk(*store) == 0);
    CHECK(store->describe().value().licenses == 0);
    CHECK(store->find(license_of(1).id).error() == errc::license_not_found);
    REQUIRE(batch->commit());
  }
  CHECK(has_log(here.file));
  CHECK(walk(*store) == 1);
  CHECK(store->find(license_of(1).id).has_value());
}

TEST_CASE("a batch that ends without commit, also by a kill, leaves a SQLite store as it was", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const std::uint8_t before = GENERATE(std::uint8_t{0}, std::uint8_t{3});  // with a rollback journal, with a log
  const std::size_t size = GENERATE(1'000U, 200'000U);                     // in memory, and spilled to the disk
  here.open_with(before).reset();
  killed_after([&] {
    const auto store = here.open();
    const auto batch = store->begin_batch().value();
    for (std::uint8_t i = 1; i != 50; ++i) put_into(*batch, license_of(i, size));
  });
  const auto store = here.open();
  CHECK(walk(*store) == before);
  CHECK(put_license(*store, license_of(1)));
}

TEST_CASE("what was committed before a kill is in the SQLite store", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const std::uint8_t before = GENERATE(std::uint8_t{0}, std::uint8_t{3});
  here.open_with(before).reset();
  killed_after([&] {
    const auto store = here.open();
    const auto batch = store->begin_batch().value();
    for (std::uint8_t i = 1; i <= 50; ++i) put_into(*batch, license_of(i, 100'000));
    REQUIRE(batch->commit());
  });
  CHECK(walk(*here.open()) == 50);
  CHECK(here.ask("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0);
}

TEST_CASE("a replaced payload does not linger in a SQLite store", "[store][sqlite]") {
  const sqlite_store_fixture here;
  here.open_with(1).reset();
  const auto sealed_of = [&] {
    auto database = sqlite::database::open(here.file).value();
    auto query = database.prepare("SELECT sealed FROM payload").value();
    REQUIRE(query.step().value());
    const auto blob = query.blob(0);
    return std::string(reinterpret_cast<const char*>(blob.data()), blob.size());
  };
  const std::string replaced = sealed_of();
  REQUIRE(content_of(here.file).find(replaced) != std::string::npos);
  REQUIRE(put_license(*here.open(), license_of(1, 20)));
  CHECK(content_of(here.file).find(replaced.substr(100, 50)) == std::string::npos);
}

TEST_CASE("a removed license leaves nothing in a SQLite store", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(2);
  const auto batch = store->begin_batch().value();
  REQUIRE(batch->remove(license_of(1).id));
  REQUIRE(batch->commit());
  CHECK(here.ask("SELECT count(*) FROM license") == 1);
  CHECK(here.ask("SELECT count(*) FROM payload") == 1);
  CHECK(store->find(license_of(2).id).has_value());
}

TEST_CASE("one SQLite store serves several threads", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (std::uint8_t n = 0; n != 3; ++n)
    threads.emplace_back([&, n] {
      for (std::uint8_t i = 0; i != 20; ++i) {
        const auto put = put_license(*store, license_of(static_cast<std::uint8_t>(50 * n + i + 2)));
        if (!put && put.error() != errc::store_busy) ++failures;
        if (!store->find(license_of(1).id) || !store->describe()) ++failures;
        const auto cursor = store->open_cursor();
        if (!cursor || !(*cursor)->next().value()) ++failures;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
}

TEST_CASE("SQLite's result codes mean what the errors say", "[store][sqlite]") {
  const auto [code, error, expected] = GENERATE(table<int, sqlite::error, errc>({
      {SQLITE_FULL, sqlite::error::full, errc::store_full},
      {SQLITE_BUSY, sqlite::error::busy, errc::store_busy},
      {SQLITE_BUSY_SNAPSHOT, sqlite::error::busy, errc::store_busy},
      {SQLITE_LOCKED, sqlite::error::busy, errc::store_busy},
      {SQLITE_PROTOCOL, sqlite::error::busy, errc::store_busy},
      {SQLITE_CORRUPT, sqlite::error::damaged, errc::store_damaged},
      {SQLITE_CORRUPT_INDEX, sqlite::error::damaged, errc::store_damaged},
      {SQLITE_NOTADB, sqlite::error::damaged, errc::store_damaged},
      {SQLITE_READONLY, sqlite::error::not_accessible, errc::store_not_accessible},
      {SQLITE_READONLY_DBMOVED, sqlite::error::not_accessible, errc::store_not_accessible},
      {SQLITE_PERM, sqlite::error::not_accessible, errc::store_not_accessible},
      {SQLITE_CANTOPEN, sqlite::error::not_accessible, errc::store_not_accessible},
      {SQLITE_AUTH, sqlite::error::not_accessible, errc::store_not_accessible},
      {SQLITE_NOMEM, sqlite::error::out_of_memory, errc::out_of_memory},
      {SQLITE_IOERR_NOMEM, sqlite::error::out_of_memory, errc::out_of_memory},
      {SQLITE_TOOBIG, sqlite::error::too_large, errc::license_too_large},
      {SQLITE_IOERR_FSYNC, sqlite::error::failed, errc::store_failed},
      {SQLITE_MISUSE, sqlite::error::failed, errc::store_failed},
  }));
  CHECK((sqlite::error_of(code) == error));  // in parentheses: has no text to print
  CHECK(store::errc_of(error) == expected);
}

TEST_CASE("a SQLite store reports what was wrong with a file under errors of its own", "[store][sqlite]") {
  CHECK(store::errc_of(sqlite::error::version_unsupported) == errc::store_version_unsupported);
  CHECK(store::errc_of(sqlite::error::folder_not_found) == errc::path_not_found);
  CHECK(store::translated(sqlite::result<int>(7)).value() == 7);
  CHECK(store::translated(sqlite::result<int>(sqlite::error::full)).error() == errc::store_full);
  CHECK(store::translated(sqlite::result<void>()).has_value());
}
