// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "slot_names.hpp"

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

TEST_CASE("overwriting with a new recovery key makes the backup open with the new passphrase only", "[engine]") {
  two_machines t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.a.begin_new_set = true;
  t.a.passphrase = "another one";
  REQUIRE(!t.a.backup(t.stick, backup_flags::overwrite).error);
  CHECK(slot_names(*t.stick, "recovery-000001").empty());
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
