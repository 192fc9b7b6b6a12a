// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "format/archive/archive_manifest.hpp"
#include "interrupted_machine.hpp"

#include <reinstate/testing/faulty_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// Backups that meet: at the same place at the same time, or with what cannot be read. Whatever happens, a backup that
// was reported done can be restored, unless a later one that was reported done has replaced it.

namespace {

std::size_t restored_licenses(const std::shared_ptr<memory_files>& stick, const std::string& passphrase) {
  machine fresh;
  fresh.passphrase = passphrase;
  const ended restore = fresh.restore(stick);
  if (restore.error) FAIL("not restored: " << restore.error.message());
  return contents(*fresh.store).size();
}

}  // namespace

TEST_CASE("two backups to one folder at once: what was reported done last can be restored", "[engine][two]") {
  const bool take_over_machine_slot = GENERATE(false, true);
  const bool over_another = GENERATE(false, true);
  for (unsigned at_call = 1;; ++at_call) {
    interrupted_machine slow(5);
    machine quick;
    individualized(quick);
    if (take_over_machine_slot) quick.identity = slow.identity;
    quick.passphrase = "of the quick one";
    for (unsigned i = 0; i != 9; ++i) quick.put(make_license(i));
    const auto stick = std::make_shared<memory_files>();
    if (over_another) REQUIRE(!slow.backup(stick).error);

    std::optional<ended> of_quick;
    slow.at_call = at_call;
    slow.meanwhile = [&] { of_quick = quick.backup(stick, backup_flags::overwrite); };
    const ended of_slow = slow.backup_interrupted(stick, {backup_flags::overwrite});
    if (!of_quick) break;

    INFO("at call " << at_call << ", slow: " << of_slow.error.message() << ", quick: " << of_quick->error.message());
    REQUIRE((!of_slow.error || !of_quick->error));
    // Where both were done, one of them has replaced the other; which one is up to the moment.
    const ended for_slow = slow.verify(stick), for_quick = quick.verify(stick);
    INFO("then for slow: " << for_slow.error.message() << " " << for_slow.report.file
                           << ", for quick: " << for_quick.error.message() << " " << for_quick.report.file);
    CHECK((!for_slow.error || !for_quick.error));
    if (of_slow.error) CHECK(for_quick.report.licenses_done == 9);
    if (of_quick->error && !of_slow.error) CHECK(for_slow.report.licenses_done == 5);
  }
}

TEST_CASE("a backup that meets another one does not remove the other's files", "[engine][two]") {
  // While one waits for its passphrase the other does all of its backup.
  interrupted_machine first(3);
  machine second;
  individualized(second);
  second.put(make_license(1));
  const auto stick = std::make_shared<memory_files>();
  first.at_call = 2;  // behind the first listing
  first.meanwhile = [&] { REQUIRE(!second.backup(stick).error); };
  CHECK(first.backup_interrupted(stick, {}).error == errc::medium_in_use);
  CHECK(restored_licenses(stick, second.passphrase) == 1);
}

TEST_CASE("nothing never replaces a backup that cannot be read", "[engine][two]") {
  machine owner, empty;
  individualized(owner);
  individualized(empty);
  owner.put(make_license(1));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);

  SECTION("its manifest is damaged") {
    stick->at("000001/manifest")[100] ^= std::byte{1};
    const memory_files before = *stick;
    CHECK(empty.backup(stick, backup_flags::overwrite).error == errc::nothing_to_back_up);
    CHECK(*stick == before);
  }
  SECTION("its manifest is gone") {
    stick->erase("000001/manifest");
    const memory_files before = *stick;
    CHECK(empty.backup(stick, backup_flags::overwrite).error == errc::nothing_to_back_up);
    CHECK(*stick == before);
    REQUIRE(!owner.backup(stick).error);
    CHECK(stick->contains("000001/licenses-001.age"));
  }
  SECTION("its format is newer") {
    archive::manifest what = archive::parse_manifest(stick->at("000001/manifest"))->manifest;
    what.version = 2;
    stick->at("000001/manifest") = archive::write_manifest(what, secret_bytes::locked(32));
    const memory_files before = *stick;
    CHECK(owner.backup(stick, backup_flags::overwrite).error == errc::backup_version_unsupported);
    CHECK(*stick == before);
  }
}

TEST_CASE("a newer format is not passed over for an older generation", "[engine][two]") {
  machine owner;
  individualized(owner);
  owner.put(make_license(1));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);
  const memory_files first = *stick;
  REQUIRE(!owner.backup(stick, backup_flags::overwrite).error);
  archive::manifest what = archive::parse_manifest(stick->at("000002/manifest"))->manifest;
  what.version = 2;
  stick->at("000002/manifest") = archive::write_manifest(what, secret_bytes::locked(32));
  stick->insert(first.begin(), first.end());
  CHECK(owner.restore(stick).error == errc::backup_version_unsupported);
}

TEST_CASE("a medium that fails is not taken for one without a backup", "[engine][two]") {
  machine owner;
  individualized(owner);
  owner.put(make_license(1));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);
  const memory_files before = *stick;
  const auto faults = std::make_shared<testing::medium_faults>();
  faults->only = testing::medium_call::read;
  faults->fail_at = 1;
  faults->keeps_failing = true;
  owner.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
    return testing::make_faulty_medium(make_memory_medium(stick), faults);
  });
  const ended second = owner.run([&](auto h) { async_backup_licenses(*owner.restorer, backup_flags::overwrite, h); });
  CHECK(second.error == errc::medium_failed);
  CHECK(*stick == before);
}

TEST_CASE("a README.txt of somebody else's stays, and a damaged one of ours is made anew beside it", "[engine][two]") {
  machine owner;
  individualized(owner);
  owner.put(make_license(1));
  const auto stick = std::make_shared<memory_files>();
  const std::vector<std::byte> precious{std::byte{'h'}, std::byte{'i'}};
  (*stick)["README.txt"] = precious;
  REQUIRE(!owner.backup(stick).error);
  CHECK(stick->at("README.txt") == precious);
  CHECK(!owner.verify(stick).error);
  stick->at("README-reinstate.txt").pop_back();
  CHECK(owner.verify(stick).error == errc::backup_damaged);
  REQUIRE(!owner.backup(stick, backup_flags::overwrite).error);
  CHECK(stick->at("README.txt") == precious);
  CHECK(!owner.verify(stick).error);
}
