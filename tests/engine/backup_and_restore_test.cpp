// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"

using namespace reinstate;
using namespace reinstate::test;

namespace {

struct two_machines {
  machine a, b;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();

  two_machines() {
    individualized(a);
    for (unsigned i = 0; i != 20; ++i) a.put(make_license(i));
  }
};

}  // namespace

TEST_CASE("licenses backed up on one machine are restored on another", "[engine]") {
  two_machines t;
  const ended backup = t.a.backup(t.stick);
  REQUIRE(backup.error == error_code());
  CHECK(backup.report.licenses_done == 20);
  CHECK(backup.report.generation == 1);
  CHECK(t.a.passphrases_asked == 1);

  const ended restore = t.b.restore(t.stick);
  REQUIRE(restore.error == error_code());
  CHECK(restore.report.licenses_done == 20);
  CHECK(t.b.passphrases_asked == 1);
  CHECK(same_contents(*t.a.store, *t.b.store));
}

TEST_CASE("a restore on the machine that made the backup needs no passphrase", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.a.store = make_memory_license_store();
  const int asked = t.a.passphrases_asked;
  REQUIRE(!t.a.restore(t.stick).error);
  CHECK(t.a.passphrases_asked == asked);
  CHECK(contents(*t.a.store).size() == 20);
}

TEST_CASE("the events of a backup begin with BEGIN and end with END", "[engine][C62][C63]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  CHECK(t.a.statuses() == std::vector{status::begin, status::end});
  const auto& report = std::get<operation_report>(t.a.events.back().payload);
  CHECK(report.licenses_done == 20);
}

TEST_CASE("the events of a restore are bracketed as a service would bracket them", "[engine][C85]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  individualized(t.b);
  REQUIRE(!t.b.restore(t.stick).error);
  CHECK(t.b.statuses() == std::vector{status::begin, status::connecting, status::disconnecting, status::end});
}

TEST_CASE("progress is sent at nothing and at everything", "[engine][C139]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  std::vector<operation_progress> copying, checking;
  for (const status_event& event : t.a.events)
    if (const auto* p = std::get_if<operation_progress>(&event.payload))
      (p->what == operation_progress::phase::copying ? copying : checking).push_back(*p);
  REQUIRE(copying.size() >= 2);
  CHECK(copying.front().licenses_done == 0);
  CHECK(copying.front().licenses_total == 20);
  CHECK(copying.back().licenses_done == 20);
  CHECK(copying.back().bytes_done == copying.back().bytes_total);
  REQUIRE_FALSE(checking.empty());
  CHECK(checking.back().bytes_done == checking.back().bytes_total);
}

TEST_CASE("a license without the backup right is left out and named, the others are backed up", "[engine][C58][C59]") {
  two_machines t;
  license denied = make_license(100), managed = make_license(101);
  denied.rights.backup = backup_right::denied;
  managed.rights.backup = backup_right::managed;
  t.a.put(denied);
  t.a.put(managed);
  const ended backup = t.a.backup(t.stick);
  REQUIRE(!backup.error);
  CHECK(backup.report.licenses_done == 20);
  REQUIRE(backup.report.outcomes.size() == 2);
  CHECK(backup.report.outcomes[0].id == denied.id);
  CHECK(backup.report.outcomes[0].title == "Title 100");
  CHECK(backup.report.outcomes[0].reason == errc::backup_right_absent);
  CHECK(backup.report.outcomes[1].reason == errc::service_required);
  CHECK(t.a.statuses() ==
        std::vector{status::begin, status::restricted_license, status::restricted_license, status::end});
}

TEST_CASE("an existing backup is refused without the flag and left as it was", "[engine][C54]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  const memory_files before = *t.stick;
  CHECK(t.a.backup(t.stick).error == errc::backup_exists);
  CHECK(*t.stick == before);

  t.a.open(t.stick);
  const auto callback = make_status_callback([](const status_event&) { FAIL("nothing is sent"); });
  CHECK(t.a.restorer->backup_licenses(backup_flags::none, callback).error() == errc::backup_exists);
}

TEST_CASE("overwriting replaces the backup and leaves one generation", "[engine][C55]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.a.put(make_license(50));
  const int asked = t.a.passphrases_asked;
  const ended second = t.a.backup(t.stick, backup_flags::overwrite);
  REQUIRE(!second.error);
  CHECK(second.report.generation == 2);
  CHECK(t.a.passphrases_asked == asked);
  CHECK(t.stick->contains("000002/manifest"));
  CHECK_FALSE(t.stick->contains("000001/manifest"));
  CHECK_FALSE(t.stick->contains("000001/licenses-001.age"));
  CHECK(t.stick->contains("recovery-000001.age"));
  REQUIRE(!t.b.restore(t.stick).error);
  CHECK(contents(*t.b.store).size() == 21);
}

TEST_CASE("overwriting with a new recovery key makes the backup open with the new passphrase only", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.a.renew_recovery_key = true;
  t.a.passphrase = "another one";
  REQUIRE(!t.a.backup(t.stick, backup_flags::overwrite).error);
  CHECK_FALSE(t.stick->contains("recovery-000001.age"));
  CHECK(t.b.restore(t.stick).error == errc::wrong_passphrase);
  t.b.passphrase = "another one";
  CHECK(!t.b.restore(t.stick).error);
}

TEST_CASE("another machine overwrites a backup with a set of its own", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  REQUIRE(!t.b.restore(t.stick).error);
  t.b.passphrase = "of machine b";
  REQUIRE(!t.b.backup(t.stick, backup_flags::overwrite).error);
  machine c;
  c.passphrase = "of machine b";
  REQUIRE(!c.restore(t.stick).error);
  CHECK(same_contents(*t.a.store, *c.store));
}

TEST_CASE("a store with nothing to back up never replaces a backup that has licenses", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  const memory_files before = *t.stick;
  t.a.store = make_memory_license_store();
  SECTION("empty, as on a new disk") {
  }
  SECTION("with restricted licenses only") {
    license restricted = make_license(1);
    restricted.rights.backup = backup_right::denied;
    t.a.put(restricted);
  }
  CHECK(t.a.backup(t.stick, backup_flags::overwrite).error == errc::nothing_to_back_up);
  CHECK(*t.stick == before);
}

TEST_CASE("wherever the last license ends in its page, the backup can be restored", "[engine]") {
  for (std::size_t size = 65'240; size != 65'510; ++size) {
    machine a;
    individualized(a);
    a.put(make_license(0, size));
    const auto stick = std::make_shared<memory_files>();
    const ended backup = a.backup(stick);
    if (backup.error) FAIL(size << ": " << backup.error.message());
    const ended verified = a.verify(stick);
    if (verified.error) FAIL(size << ": " << verified.error.message());
  }
}

TEST_CASE("an empty store gives a valid empty backup", "[engine][C67]") {
  machine a, b;
  individualized(a);
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!a.backup(stick).error);
  CHECK(!b.verify(stick).error);
  const ended restore = b.restore(stick);
  CHECK(!restore.error);
  CHECK(restore.report.licenses_done == 0);
}

TEST_CASE("restoring twice is the same as once", "[engine][C109]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  REQUIRE(!t.b.restore(t.stick).error);
  const ended again = t.b.restore(t.stick);
  REQUIRE(!again.error);
  CHECK(again.report.licenses_done == 0);
  CHECK(again.report.licenses_kept == 20);
  CHECK(same_contents(*t.a.store, *t.b.store));
}

TEST_CASE("a restore never raises a count and never forgets a first use", "[engine][C131][C132][C137]") {
  using namespace std::chrono_literals;
  machine a, b;
  individualized(a);
  license item = make_license(1);
  item.revision = 5;
  item.state.uses_left = 9;
  item.state.first_use = std::chrono::sys_seconds(2000s);
  a.put(item);
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!a.backup(stick).error);

  individualized(b);
  license present = make_license(1);
  present.revision = 4;
  present.state.uses_left = 3;
  present.state.first_use = std::chrono::sys_seconds(1000s);
  b.put(present);
  REQUIRE(!b.restore(stick).error);
  const license merged = *b.store->find(item.id);
  CHECK(merged.revision == 5);
  CHECK(merged.state.uses_left == 3u);
  CHECK(merged.state.first_use == std::chrono::sys_seconds(1000s));
}

TEST_CASE("a machine without an identity is individualized only with permission", "[engine][C111][C112][O15]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  CHECK(t.b.restore(t.stick, restore_flags::none).error == errc::needs_individualization);
  CHECK(t.b.statuses() == std::vector{status::begin, status::needs_individualization, status::end});
  CHECK_FALSE(t.b.identity->public_identity().has_value());
  CHECK(contents(*t.b.store).empty());

  REQUIRE(!t.b.restore(t.stick).error);
  CHECK(t.b.statuses() == std::vector{status::begin, status::individualize, status::individualize, status::connecting,
                                      status::disconnecting, status::end});
}

TEST_CASE("a wrong passphrase is told before anything on the new machine changes", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.b.passphrase = "incorrect";
  CHECK(t.b.restore(t.stick).error == errc::wrong_passphrase);
  CHECK_FALSE(t.b.identity->public_identity().has_value());
  CHECK(contents(*t.b.store).empty());
}

TEST_CASE("an empty passphrase is refused and leaves nothing on the stick", "[engine]") {
  two_machines t;
  t.a.passphrase.clear();
  CHECK(t.a.backup(t.stick).error == errc::passphrase_empty);
  CHECK(t.stick->empty());
}

TEST_CASE("volumes begin anew before they reach their limit, and a restore reads through all of them", "[engine]") {
  machine a, b;
  individualized(a);
  a.limits.volume_bytes = 4 * 64 * 1024;
  for (unsigned i = 0; i != 300; ++i) a.put(make_license(i, 5000));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!a.backup(stick).error);
  CHECK(stick->contains("000001/licenses-007.age"));
  for (const auto& [name, content] : *stick) CHECK(content.size() <= a.limits.volume_bytes);
  REQUIRE(!b.restore(stick).error);
  CHECK(same_contents(*a.store, *b.store));
}

TEST_CASE("licenses of every size around a page come back whole", "[engine]") {
  machine a, b;
  individualized(a);
  unsigned number = 0;
  for (const std::size_t size : {0u, 1u, 65'300u, 65'400u, 65'420u, 65'440u, 65'450u, 65'460u, 65'470u, 65'480u,
                                 65'490u, 65'500u, 65'536u, 131'072u, 200'000u, 1'000'000u})
    a.put(make_license(number++, size));
  for (std::size_t size = 65'440; size != 65'480; ++size) a.put(make_license(number++, size));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!a.backup(stick).error);
  REQUIRE(!b.restore(stick).error);
  CHECK(same_contents(*a.store, *b.store));
}

TEST_CASE("a license larger than the limit is left out, and an older backup that has it is kept", "[engine]") {
  machine a;
  individualized(a);
  a.put(make_license(1));
  a.put(make_license(2, 100'000));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!a.backup(stick).error);
  a.limits.license_bytes = 50'000;
  const ended second = a.backup(stick, backup_flags::overwrite);
  REQUIRE(!second.error);
  REQUIRE(second.report.outcomes.size() == 1);
  CHECK(second.report.outcomes[0].reason == errc::license_too_large);
  CHECK(stick->contains("000001/manifest"));
}
