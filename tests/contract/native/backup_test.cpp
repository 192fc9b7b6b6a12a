// SPDX-License-Identifier: BSL-1.0
#include "hooked_store.hpp"
#include "player.hpp"
#include "slot_names.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <new>
#include <utility>

using namespace reinstate;
using namespace reinstate::test;

// What a backup writes, refuses and leaves alone. Order, threads and re-entrancy have files of their own.

#ifdef __linux__
// In place of the system's: nothing in this program may open a socket, and whoever tries is counted.
namespace {
int sockets_asked_for = 0;
}
extern "C" int socket(int, int, int) noexcept {
  ++sockets_asked_for;
  errno = EACCES;
  return -1;
}

TEST_CASE("a backup needs no network", "[C65]") {
  const int before = sockets_asked_for;
  player p;
  CHECK_FALSE(p.backup());
  CHECK(sockets_asked_for == before);
}
#endif

TEST_CASE("a backup without a callback is refused and starts nothing", "[C50]") {
  player p;
  CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::none, nullptr)) == hr::invalid_argument);
  CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::none, make_status_callback({}))) == hr::invalid_argument);
  CHECK(p.restorer->cancel_license_backup() == cancel_result::nothing_running);
  CHECK(p.executors.run_until_idle() == 0);
  CHECK(p.stick->empty());
  CHECK_FALSE(p.backup());
}

TEST_CASE("a store that runs out of memory at any call ends the backup, which says so and leaves nothing", "[C53]") {
  for (unsigned at = 0;; ++at) {
    player p;
    unsigned calls = 0;
    p.store = std::make_shared<hooked_store>(p.store, [&](store_call) -> error_code {
      if (calls++ == at) throw std::bad_alloc();
      return {};
    });
    p.open(p.stick);
    const error_code error = p.backup();
    if (calls <= at) {
      CHECK_FALSE(error);
      break;
    }
    CHECK(to_hresult(error) == hr::out_of_memory);
    CHECK(p.stick->empty());
  }
}

TEST_CASE("a call that runs out of memory throws, starts nothing and can be made again", "[C53]") {
  player p;
  bool fails = true;
  p.open([&](const std::string&) {
    if (std::exchange(fails, false)) throw std::bad_alloc();
    return make_memory_medium(p.stick);
  });
  CHECK_THROWS_AS(p.restorer->backup_licenses(backup_flags::none, deaf_callback()), std::bad_alloc);
  CHECK(p.executors.run_until_idle() == 0);
  CHECK_FALSE(p.backup());
}

TEST_CASE("an existing backup is refused by the call, which sends nothing and leaves it as it was", "[C54][O6]") {
  player p;
  REQUIRE_FALSE(p.backup());
  const memory_files before = *p.stick;
  p.put(make_license(50));
  CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::none, deaf_callback())) == hr::backup_exists);
  CHECK(p.executors.run_until_idle() == 0);
  CHECK(*p.stick == before);
}

TEST_CASE("a backup that appears after the start is refused by END and left as it was", "[C54][O6]") {
  player p;
  REQUIRE(p.start_backup());
  player quicker;
  REQUIRE_FALSE(quicker.backup());
  *p.stick = *quicker.stick;
  CHECK(to_hresult(p.finish()) == hr::backup_exists);
  CHECK(*p.stick == *quicker.stick);
}

TEST_CASE("overwriting replaces the backup and leaves one generation", "[C55]") {
  player p;
  REQUIRE_FALSE(p.backup());
  p.put(make_license(50));
  const int asked = p.passphrases_asked;
  REQUIRE_FALSE(p.backup(backup_flags::overwrite));
  CHECK(p.report().generation == 2);
  CHECK(p.passphrases_asked == asked);
  CHECK(p.stick->contains("000002/manifest"));
  CHECK_FALSE(p.stick->contains("000001/manifest"));
  CHECK_FALSE(p.stick->contains("000001/licenses-001.age"));
  CHECK_FALSE(slot_name(*p.stick, passphrase_slot).empty());

  other_player q(p);
  REQUIRE_FALSE(q.restore());
  CHECK(same_contents(*p.store, *q.store));
}

TEST_CASE("overwriting where there is nothing makes a backup", "[C56]") {
  player p;
  CHECK_FALSE(p.backup(backup_flags::overwrite));
  CHECK(p.report().licenses_done == licenses_of_a_player);
  CHECK(p.stick->contains("000001/manifest"));
}

TEST_CASE("a backup without a path is refused by the call", "[C57]") {
  player p;
  REQUIRE(p.restorer->remove_prop(backup_path_property));
  CHECK(hresult_of(p.restorer->backup_licenses(backup_flags::none, deaf_callback())) == hr::invalid_property);
  CHECK(p.executors.run_until_idle() == 0);
}

TEST_CASE("a license without the backup right is left out and named by its ids, the others are backed up",
          "[C58][C59][O3][O12]") {
  player p;
  license denied = make_license(100), managed = make_license(101);
  denied.rights.backup = backup_right::denied;
  managed.rights.backup = backup_right::managed;
  p.put(denied);
  p.put(managed);
  REQUIRE_FALSE(p.backup());
  CHECK(p.report().licenses_done == licenses_of_a_player);
  REQUIRE(p.report().outcomes.size() == 2);
  CHECK(p.report().outcomes[0].id == denied.id);
  CHECK(p.report().outcomes[0].title == "Title 100");
  CHECK(p.report().outcomes[0].reason == errc::backup_right_absent);
  CHECK(p.report().outcomes[1].reason == errc::service_required);

  std::vector<status_event> named;
  std::ranges::copy_if(p.heard, std::back_inserter(named),
                       [](const status_event& event) { return event.status == status::restricted_license; });
  REQUIRE(named.size() == 2);
  CHECK(named[0].error == errc::backup_right_absent);
  const auto& first = std::get<license_reference>(named[0].payload);
  CHECK(first.id == denied.id);
  CHECK(first.key == denied.key);
  CHECK(first.title == "Title 100");
  CHECK(named[1].error == errc::service_required);
  CHECK(std::get<license_reference>(named[1].payload).key == managed.key);

  other_player q(p);
  REQUIRE_FALSE(q.restore());
  const auto restored = contents(*q.store);
  CHECK(restored.size() == licenses_of_a_player);
  CHECK_FALSE(restored.contains(denied.id));
  CHECK_FALSE(restored.contains(managed.id));
}

TEST_CASE("a backup of nothing but restricted licenses succeeds and is empty", "[C59][C60]") {
  player p;
  p.store = make_memory_license_store();
  license denied = make_license(1);
  denied.rights.backup = backup_right::denied;
  p.put(denied);
  p.open(p.stick);
  CHECK_FALSE(p.backup());
  CHECK(p.statuses() == std::vector{status::begin, status::restricted_license, status::end});
}

TEST_CASE("the last event of a backup that succeeded carries no error", "[C60]") {
  player p;
  REQUIRE_FALSE(p.backup());
  CHECK(to_hresult(p.heard.back().error) == 0);
  CHECK(p.heard.back().status == status::end);
}

TEST_CASE("a backup canceled right after the start ends as canceled and leaves nothing", "[C61][C73][O10]") {
  player p;
  CHECK(p.restorer->cancel_license_backup() == cancel_result::nothing_running);
  REQUIRE(p.start_backup());
  CHECK(p.restorer->cancel_license_backup() == cancel_result::accepted);
  CHECK(p.restorer->cancel_license_backup() == cancel_result::accepted);
  CHECK(to_hresult(p.finish()) == hr::canceled);
  CHECK(p.stick->empty());
  CHECK(p.restorer->cancel_license_backup() == cancel_result::nothing_running);
}

TEST_CASE("a backup covers the whole store, also where many licenses share a key", "[C66]") {
  player p;
  for (unsigned i = 0; i != 9000; ++i) p.put(make_license(i, 20));  // more than is done between two looks
  p.put(make_license(9000, 300'000));
  REQUIRE_FALSE(p.backup());
  CHECK(p.report().licenses_done == 9001);
  other_player q(p);
  REQUIRE_FALSE(q.restore());
  CHECK(same_contents(*p.store, *q.store));
}

TEST_CASE("an empty store gives a valid empty backup", "[C67]") {
  player p;
  p.store = make_memory_license_store();
  p.open(p.stick);
  REQUIRE_FALSE(p.backup());
  CHECK(p.statuses() == std::vector{status::begin, status::end});

  other_player q(p);
  REQUIRE_FALSE(q.restore());
  CHECK(q.report().licenses_seen == 0);
  CHECK_FALSE(q.verify(q.stick).error);
}

TEST_CASE("a machine that never had a license and has no identity gives a valid empty backup", "[C67][C111]") {
  player p;
  p.store = make_memory_license_store();
  p.identity = make_memory_machine_identity();
  p.open(p.stick);
  REQUIRE_FALSE(p.backup());
  REQUIRE_FALSE(p.backup(backup_flags::overwrite));
  CHECK_FALSE(p.identity->public_identity().has_value());

  other_player q(p);
  REQUIRE_FALSE(q.restore());
  CHECK(q.report().licenses_seen == 0);
}

TEST_CASE("the flag of a restore has no effect on a backup", "[C70][O14]") {
  constexpr auto individualize = static_cast<backup_flags>(2);
  player p;
  SECTION("it is accepted, and no permission to overwrite") {
    CHECK_FALSE(p.backup(individualize));
    CHECK(hresult_of(p.start_backup(individualize)) == hr::backup_exists);
  }
  SECTION("it is no permission to individualize") {
    p.identity = make_memory_machine_identity();
    p.open(p.stick);
    CHECK(to_hresult(p.backup(individualize)) == hr::needs_individualization);
    CHECK_FALSE(p.identity->public_identity().has_value());
  }
}

TEST_CASE("a backup refuses every flag it does not know", "[C70][O14]") {
  player p;
  for (unsigned bit = 2; bit != 32; ++bit) {
    const auto flags = static_cast<backup_flags>(1u << bit | 1u);
    CHECK(hresult_of(p.restorer->backup_licenses(flags, deaf_callback())) == hr::invalid_argument);
  }
  CHECK(p.executors.run_until_idle() == 0);
}

TEST_CASE("a folder that is missing or none ends the backup and stays as it is", "[C71]") {
  const tests::temporary_directory folder;
  std::ofstream(folder.path() / "file") << "somebody's";
  player p;
  p.open(directory_medium_factory());
  SECTION("missing") {
    REQUIRE(p.restorer->set_prop(backup_path_property, (folder.path() / "missing").string()));
    CHECK(p.backup() == errc::path_not_found);
  }
  SECTION("a file") {
    REQUIRE(p.restorer->set_prop(backup_path_property, (folder.path() / "file").string()));
    CHECK(p.backup() == errc::path_not_a_directory);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a medium that fails once at any call leaves no part of a backup", "[C71]") {
  const errc error = GENERATE(errc::medium_full, errc::medium_read_only, errc::path_not_accessible);
  const auto only = GENERATE(testing::medium_call::create, testing::medium_call::write, testing::medium_call::finish);
  for (unsigned n = 1;; ++n) {
    player p;
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->only = only;
    faults->fail_at = n;
    faults->error = error;
    p.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(p.stick), faults);
    });
    const error_code got = p.backup();
    if (faults->calls < n) {
      CHECK_FALSE(got);
      break;
    }
    CHECK(got == error);
    CHECK(p.stick->empty());
  }
}

TEST_CASE("a medium that fails at any call leaves the old backup as it was", "[C71][C72]") {
  const errc error = GENERATE(errc::medium_full, errc::medium_failed, errc::medium_read_only);
  const bool keeps_failing = GENERATE(false, true);
  for (unsigned n = 1;; ++n) {
    player p;
    REQUIRE_FALSE(p.backup());
    const memory_files before = *p.stick;
    p.put(make_license(77));
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = n;
    faults->error = error;
    faults->keeps_failing = keeps_failing;
    p.begin_new_set = true;
    p.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(p.stick), faults);
    });
    const error_code second = p.backup(backup_flags::overwrite);
    INFO("call " << n << ": " << second.message());
    other_player q(p);
    CHECK_FALSE(q.restore());
    const std::size_t restored = contents(*q.store).size();
    if (second) {
      CHECK(std::ranges::includes(*p.stick, before));
      // A medium that went away for good right behind the manifest keeps both; it cannot be told any more.
      CHECK((restored == licenses_of_a_player || keeps_failing));
    } else {
      CHECK(restored == licenses_of_a_player + 1);
    }
    if (faults->calls < n) {
      CHECK_FALSE(second);
      break;
    }
  }
}

TEST_CASE("a backup canceled after any step leaves the old one as it was, byte by byte", "[C72]") {
  for (unsigned turns = 0;; ++turns) {
    player p;
    REQUIRE_FALSE(p.backup());
    const memory_files before = *p.stick;
    p.begin_new_set = true;
    p.open(p.stick);
    REQUIRE(p.start_backup(backup_flags::overwrite));
    for (unsigned i = 0; i != turns; ++i) p.step();
    if (p.restorer->cancel_license_backup() == cancel_result::nothing_running) break;
    CHECK(to_hresult(p.finish()) == hr::canceled);
    CHECK(*p.stick == before);
  }
}

TEST_CASE("canceling the backup does not cancel a restore, nor the other way around", "[C74]") {
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  REQUIRE(p.start(which));
  const direction other = which == direction::backup ? direction::restore : direction::backup;
  for (bool more = true; more; more = p.step()) CHECK(p.cancel(other) == cancel_result::nothing_running);
  CHECK_FALSE(p.finish());
}
