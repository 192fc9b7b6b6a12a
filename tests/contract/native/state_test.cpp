// SPDX-License-Identifier: BSL-1.0
#include "kept_backup.hpp"
#include "player.hpp"
#include "slot_names.hpp"
#include "temporary_directory.hpp"

#include <reinstate/import/clearkey.hpp>
#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <iostream>

using namespace reinstate;
using namespace reinstate::test;

// What a license has been through comes back with it, and what a backup has been through is found out.

namespace {

std::chrono::sys_seconds instant(int seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

license counted_license(std::uint64_t revision, std::uint64_t uses_left, int first_use) {
  license item = make_license(200);
  item.revision = revision;
  item.state = {uses_left, instant(first_use)};
  return item;
}

// What a machine whose store holds `present` has of the license after it restored a backup of `backed_up`.
license_state restored_over(const license& backed_up, const license& present) {
  player owner;
  owner.put(backed_up);
  REQUIRE_FALSE(owner.backup());
  other_player p(owner);
  p.put(present);
  REQUIRE_FALSE(p.restore());
  return p.store->find(present.id)->state;
}

}  // namespace

TEST_CASE("a license of which 9 of 10 uses are spent has one left after backup and restore", "[C131]") {
  player owner;
  license item = make_license(200);
  item.state.uses_left = 10;
  owner.put(item);
  item.state.uses_left = 1;
  item.revision = 10;
  owner.put(item);
  REQUIRE_FALSE(owner.backup());
  SECTION("on the same machine") {
    owner.store = make_memory_license_store();
    owner.open(owner.stick);
    REQUIRE_FALSE(owner.restore());
    CHECK(owner.store->find(item.id)->state.uses_left == 1u);
  }
  SECTION("on another machine") {
    other_player p(owner);
    REQUIRE_FALSE(p.restore());
    CHECK(p.store->find(item.id)->state.uses_left == 1u);
  }
}

TEST_CASE("restoring the backup made before the uses were spent does not give them back", "[C131][C132]") {
  player p;
  license item = make_license(200);
  item.state.uses_left = 10;
  p.put(item);
  REQUIRE_FALSE(p.backup());
  item.state.uses_left = 1;
  item.revision = 10;
  p.put(item);
  REQUIRE_FALSE(p.restore());
  CHECK(p.store->find(item.id)->state.uses_left == 1u);
}

TEST_CASE("of what is there and what is restored, the fewer uses and the earlier first use count", "[C132][C137]") {
  struct example {
    std::uint64_t backed_up_revision, present_revision;
    license_state expected;
  };
  // Backed up: 9 uses left, first used at 2000. Present: 3 uses left, first used at 1000.
  const auto row =
      GENERATE(example{5, 4, {3, instant(1000)}}, example{5, 5, {3, instant(1000)}}, example{5, 6, {3, instant(1000)}});
  CHECK(restored_over(counted_license(row.backed_up_revision, 9, 2000),
                      counted_license(row.present_revision, 3, 1000)) == row.expected);
}

TEST_CASE("a newer revision brings its own, lower count and earlier first use", "[C132][C137]") {
  CHECK(restored_over(counted_license(6, 3, 1000), counted_license(5, 9, 2000)) == license_state{3, instant(1000)});
}

TEST_CASE("a license does not grant the backup right unless somebody grants it, counted or not", "[C135]") {
  license item;
  CHECK(item.rights.backup == backup_right::denied);
  item.state.uses_left = 10;
  CHECK(item.rights.backup == backup_right::denied);
  CHECK(license_record().backup == backup_right::denied);
  const auto imported =
      import_clearkey(R"({"keys":[{"kty":"oct","kid":"MDEyMzQ1Njc4OTAxMjM0NQ","k":"tQ0bJVWb6b0KPL6KtZIy_A"}]})", {});
  REQUIRE(imported.has_value());
  CHECK(imported->at(0).rights.backup == backup_right::denied);

  player p;
  p.put(item);
  p.put(imported->at(0));
  REQUIRE_FALSE(p.backup());
  CHECK(p.report().licenses_left_out == 2);
}

TEST_CASE("the dates of a license and what its issuer wrote come back as they were", "[C136][C137]") {
  player owner;
  license item = make_license(200);
  item.issuer = "an issuer";
  item.rights.not_before = instant(1'700'000'000);
  item.rights.not_after = instant(1'900'000'000);
  item.rights.document = "<rights>48 hours after first use</rights>";
  item.state.first_use = instant(1'750'000'000);
  owner.put(item);
  REQUIRE_FALSE(owner.backup());
  other_player p(owner);
  REQUIRE_FALSE(p.restore());
  const license restored = p.store->find(item.id).value();
  CHECK(restored.issuer == item.issuer);
  CHECK(restored.rights.not_before == item.rights.not_before);
  CHECK(restored.rights.not_after == item.rights.not_after);
  CHECK(restored.rights.document == item.rights.document);
  CHECK(restored.state == item.state);
}

TEST_CASE("progress is sent at nothing and at everything, and never goes back", "[C139]") {
  using phase = operation_phase;
  const direction which = GENERATE(direction::backup, direction::restore);
  player p(which);
  REQUIRE_FALSE(p.run(which));
  std::map<phase, std::vector<operation_progress>> sent;
  for (const status_event& event : p.heard)
    if (const auto* progress = std::get_if<operation_progress>(&event.payload))
      sent[progress->phase].push_back(*progress);

  const std::vector<operation_progress>& copying = sent[phase::copying];
  REQUIRE(copying.size() >= 2);
  CHECK(copying.front().licenses_done == 0);
  CHECK(copying.front().bytes_done == 0);
  CHECK(copying.front().licenses_total == licenses_of_a_player);
  for (const auto& [what, steps] : sent) {
    CHECK(std::ranges::is_sorted(steps, {}, &operation_progress::licenses_done));
    CHECK(std::ranges::is_sorted(steps, {}, &operation_progress::bytes_done));
    CHECK(steps.back().licenses_done == licenses_of_a_player);
    CHECK(steps.back().licenses_done == steps.back().licenses_total);
    CHECK(steps.back().bytes_done == steps.back().bytes_total);
  }
  CHECK(sent.contains(phase::checking) == (which == direction::backup));
}

TEST_CASE("a restore is told of a flipped bit anywhere in what it reads, and stores nothing", "[C140]") {
  struct example {
    std::string_view file;   // how its name begins
    std::size_t stride;      // verifications are told of every byte of every file; here some of the largest will do
    bool read_by_its_maker;  // who has no need of the recovery file
  };
  const auto row = GENERATE(example{"000001/manifest", 1, true}, example{"000001/licenses-001.age", 7, true},
                            example{passphrase_slot, 1, false});
  player owner(direction::restore);
  other_player other(owner);
  std::vector<std::byte>& content = owner.stick->lower_bound(row.file)->second;
  for (std::size_t at = 0; at < content.size(); at += row.stride) {
    const std::byte before = content[at];
    content[at] ^= static_cast<std::byte>(1u << at % 8);
    const error_code elsewhere = other.restore();
    const error_code here = owner.restore();
    if (to_hresult(elsewhere) != hr::backup_corrupt) FAIL(row.file << " at " << at << ": " << elsewhere.message());
    if (row.read_by_its_maker && to_hresult(here) != hr::backup_corrupt)
      FAIL(row.file << " at " << at << ", where it was made: " << here.message());
    content[at] = before;
    if (!row.read_by_its_maker) CHECK_FALSE(here);
  }
  CHECK(contents(*other.store).empty());
  CHECK_FALSE(other.restore());
}

TEST_CASE("a flipped bit that asks for more memory than permitted is found to be one", "[C140]") {
  player owner(direction::restore);
  std::vector<std::byte>& content = owner.stick->at(slot_name(*owner.stick, passphrase_slot));
  const std::string text(reinterpret_cast<const char*>(content.data()), content.size());
  content.at(text.find(" 4\n") + 1) = std::byte{'6'};  // of scrypt's work factor
  other_player other(owner);
  other.limits.max_scrypt_work_factor = 5;
  other.open(other.stick);
  CHECK(to_hresult(other.restore()) == hr::backup_corrupt);
}

TEST_CASE("a store serves on another disk, where nothing is as it was but the identity file", "[C141]") {
  const tests::temporary_directory old_disk, new_disk;
  license item = make_license(1);
  {
    const std::shared_ptr<machine_identity> identity = make_file_machine_identity(old_disk.path() / "identity");
    REQUIRE(identity->individualize());
    REQUIRE(put_license(*open_sqlite_license_store(old_disk.path() / "licenses.db", identity).value(), item));
  }
  std::filesystem::copy(old_disk.path(), new_disk.path(), std::filesystem::copy_options::recursive);
  const std::shared_ptr<machine_identity> identity = make_file_machine_identity(new_disk.path() / "identity");
  const auto store = open_sqlite_license_store(new_disk.path() / "licenses.db", identity).value();
  CHECK(same(store->find(item.id).value(), item));
}

// Prints the rows of kept_backup.hpp, made anew.
TEST_CASE("the kept backup is made anew", "[.][make-kept-backup]") {
  player p;
  p.store = make_memory_license_store();
  license item = make_license(7, 16);
  item.revision = 3;
  item.state = {4, instant(1'700'000'000)};
  item.rights.not_after = instant(1'900'000'000);
  p.put(item);
  p.open(p.stick);
  REQUIRE_FALSE(p.backup());
  p.stick->erase("README.txt");
  for (const auto& [name, content] : *p.stick) std::cout << row_of_kept_file(name, content);
}

TEST_CASE("a backup that was made elsewhere and kept is restored", "[C92][C136][C137][C142]") {
  static_assert(sizeof(void*) == 8);
  player p;
  p.store = make_memory_license_store();
  p.open(files_of_kept_backup());
  REQUIRE_FALSE(p.restore());
  const license restored = p.store->find(make_license(7).id).value();
  CHECK(restored.title == "Title 7");
  CHECK(restored.revision == 3);
  CHECK(restored.state == license_state{4, instant(1'700'000'000)});
  CHECK(restored.rights.not_after == instant(1'900'000'000));
  CHECK(restored.payload == make_license(7, 16).payload);
}
