// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"

#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

using document = note_store::document;

result<void> add_one(note_store& notes) {
  return notes.update("count", [](const std::optional<document>& before) -> result<std::optional<document>> {
    return document(before ? before->size() + 1 : 1);
  });
}

result<void> write(license_store& store, std::string_view name, std::size_t size) {
  return store.notes()->update(
      name, [&](const std::optional<document>&) { return result<std::optional<document>>(document(size)); });
}

std::size_t size_of(license_store& store, std::string_view name) {
  const auto note = store.notes()->read(name).value();
  return note ? note->size() : 0;
}

bool goes_with_log(const std::filesystem::path& file) {
  return content_of(file).at(18) == 2;
}

}  // namespace

TEST_CASE("notes are there when a SQLite store is opened again", "[store][sqlite]") {
  const sqlite_store_fixture here;
  REQUIRE(write(*here.open(), "a", 10));
  CHECK(size_of(*here.open(), "a") == 10);
}

TEST_CASE("a SQLite store without the table of notes is opened and gets it with the first note", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(2);
  constexpr const char* tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'note'";
  CHECK(!store->notes()->read("a").value());
  CHECK(here.ask(tables) == 0);
  REQUIRE(write(*store, "a", 0));
  CHECK(here.ask(tables) == 0);
  REQUIRE(write(*store, "a", 1));
  CHECK(here.ask(tables) == 1);
  CHECK(here.ask("SELECT count(*) FROM note WHERE name = 'a'") == 1);  // for people with a tool of their own
  CHECK(walk(*store) == 2);
}

TEST_CASE("a store with notes and without licenses is still filled with a rollback journal", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open();
  REQUIRE(write(*store, "a", 3));
  const auto batch = store->begin_batch().value();
  put_into(*batch, license_of(1));
  CHECK(!goes_with_log(here.file));
  CHECK(size_of(*store, "a") == 3);
  REQUIRE(batch->commit());
  CHECK(goes_with_log(here.file));
  CHECK(size_of(*store, "a") == 3);
  CHECK(walk(*store) == 1);
}

TEST_CASE("a note was not written where the fill of a store was given up", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open();
  {
    const auto batch = store->begin_batch().value();
    CHECK(write(*store, "a", 3).error() == errc::store_busy);
  }
  CHECK(size_of(*store, "a") == 0);
  CHECK(write(*store, "a", 4));
  CHECK(size_of(*store, "a") == 4);
}

TEST_CASE("two stores on one file lose no change of a note", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const std::uint8_t licenses = GENERATE(std::uint8_t(0), std::uint8_t(1));
  const auto one = here.open_with(licenses), other = here.open();
  bool all_done = true;
  std::thread thread([&] {
    for (int i = 0; i != 20; ++i) all_done = add_one(*other->notes()).has_value() && all_done;
  });
  for (int i = 0; i != 20; ++i) CHECK(add_one(*one->notes()));
  thread.join();
  CHECK(all_done);
  CHECK(size_of(*one, "count") == 40);
  CHECK(size_of(*other, "count") == 40);
}

TEST_CASE("two processes on one store lose no change of a note", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto add_twenty = [&] {
    const auto store = open_sqlite_license_store(here.file, here.machine);
    bool all_done = store.has_value();
    for (int i = 0; i != 20 && all_done; ++i) all_done = add_one(*(*store)->notes()).has_value();
    return all_done;
  };
  const pid_t child = ::fork();
  REQUIRE(child != -1);
  if (child == 0) ::_exit(add_twenty() ? 0 : 1);
  CHECK(add_twenty());
  int state = 0;
  REQUIRE(::waitpid(child, &state, 0) == child);
  CHECK((WIFEXITED(state) && WEXITSTATUS(state) == 0));
  CHECK(size_of(*here.open(), "count") == 40);
}

TEST_CASE("a table of notes that is another one is told as damage and left alone", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  here.edit("CREATE TABLE note (something TEXT)");
  CHECK(store->notes()->read("a").error() == errc::store_damaged);
  CHECK(write(*store, "a", 1).error() == errc::store_damaged);
  CHECK(walk(*store) == 1);
}

TEST_CASE("a change that throws leaves a SQLite store as it was", "[store][sqlite]") {
  const sqlite_store_fixture here;
  const auto store = here.open_with(1);
  const auto throwing = [](const std::optional<document>&) -> result<std::optional<document>> {
    throw std::bad_alloc();
  };
  CHECK_THROWS_AS(store->notes()->update("a", throwing), std::bad_alloc);
  CHECK(write(*store, "a", 1));
  CHECK(put_license(*store, license_of(2)));
}
