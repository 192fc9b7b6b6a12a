// SPDX-License-Identifier: BSL-1.0
#include "forged_backup.hpp"
#include "format/archive/archive_manifest.hpp"
#include "hooked_store.hpp"
#include "three_generations.hpp"

using namespace reinstate;
using namespace reinstate::test;

// What a salvage must not do, and what it tells.

namespace {

constexpr const char* index_of_2 = "000002/index.age";
constexpr const char* manifest_of_2 = "000002/manifest";

std::string volume(unsigned generation) {
  return archive::volume_name(generation, 1);
}

const license_outcome& about(const std::vector<license_outcome>& outcomes, unsigned number) {
  const auto found = std::ranges::find(outcomes, id_of(number), &license_outcome::id);
  REQUIRE(found != outcomes.end());
  return *found;
}

std::vector<std::string> damaged_files(const operation_report& report) {
  std::vector<std::string> out;
  for (const backup_damage& each : report.damage) out.push_back(each.file);
  return out;
}

}  // namespace

TEST_CASE("of a license that can run out no earlier state comes back", "[engine][salvage]") {
  three_generations t;
  t.stick->erase(volume(3));
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  REQUIRE(restore.report.damage.size() == 1);
  CHECK(restore.report.damage[0].file == volume(3));
  CHECK(restore.report.damage[0].error == errc::volume_missing);

  // 2 and 6 have uses left and were played since; 7 has no limit; 14 and 15 were in the missing file only.
  CHECK_FALSE(b.store->find(id_of(2)).has_value());
  CHECK_FALSE(b.store->find(id_of(6)).has_value());
  CHECK(about(restore.report.outcomes, 2).title == "Title 2 played");
  CHECK(b.store->find(id_of(7))->title == "Title 7");
  CHECK(about(restore.report.warnings, 7).reason == errc::license_lost);
  CHECK(about(restore.report.outcomes, 14).reason == errc::license_lost);
  CHECK(about(restore.report.outcomes, 14).title.empty());
  CHECK_FALSE(advice_for(errc::license_lost).empty());
  // The index tells that 9 and 12 were removed.
  CHECK_FALSE(b.store->find(id_of(9)).has_value());
  CHECK_FALSE(reasons(restore.report.outcomes).contains(id_of(9)));
  CHECK_FALSE(b.store->find(id_of(12)).has_value());
}

TEST_CASE("an earlier state beside one that the store has is no loss and gives nothing back", "[engine][salvage]") {
  three_generations t;
  t.stick->erase(volume(3));
  const auto before = contents(*t.owner.store);
  const ended restore = ask(t.owner, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(t.owner.store->find(id_of(2))->state == before.at(id_of(2)).state);
  CHECK_FALSE(reasons(restore.report.outcomes).contains(id_of(2)));
  CHECK(restore.report.warnings.empty());
}

TEST_CASE("a generation missing in the middle costs what only it had", "[engine][salvage]") {
  three_generations t;
  for (const std::string& name : t.names())
    if (name.starts_with("000002/")) t.stick->erase(name);
  machine b;
  CHECK(ask(b, t.stick, restore_options{.generation = 3}).error == errc::generation_missing);
  CHECK(contents(*b.store).empty());
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(damaged_files(restore.report) == std::vector<std::string>{manifest_of_2});
  CHECK(restore.report.damage[0].error == errc::generation_missing);
  CHECK(b.store->find(id_of(14)).has_value());  // of the newest
  CHECK(b.store->find(id_of(1)).has_value());   // as far as is known
  CHECK(about(restore.report.warnings, 1).reason == errc::license_lost);
  CHECK_FALSE(b.store->find(id_of(10)).has_value());  // may have been played in between
  CHECK(about(restore.report.outcomes, 10).reason == errc::license_lost);
}

TEST_CASE("without being asked nothing is salvaged", "[engine][salvage]") {
  three_generations t;
  t.stick->at(volume(1)).back() ^= std::byte{1};
  machine b;
  CHECK(b.restore(t.stick).error == errc::backup_damaged);
  CHECK(contents(*b.store).empty());
  CHECK(ask(b, t.stick, restore_options{.repair = true}).error == errc::backup_damaged);
  CHECK(contents(*b.store).empty());
}

TEST_CASE("files that no chain needs are no damage to it", "[engine][salvage]") {
  three_generations t;
  const auto copy = copy_of(t.stick);
  REQUIRE(!ask(t.owner, copy, backup_options{.flags = backup_flags::overwrite}).error);
  for (const auto& [name, content] : *t.stick) copy->emplace(name, content);
  copy->at(manifest_of_2).resize(50);
  copy->at("000002/manifest-copy").resize(50);
  machine b;
  const ended restore = ask(b, copy, restore_options{.salvage = true});
  CHECK(!restore.error);
  CHECK(restore.report.generation == 4);
  CHECK(restore.report.damage.empty());
}

TEST_CASE("a manifest that is not genuine is damage, and hides nothing that is older", "[engine][salvage]") {
  three_generations t;
  auto& file = t.stick->at(manifest_of_2);
  archive::manifest what = archive::parse_manifest(file)->manifest;
  SECTION("one that builds on the same") {
    what.created += std::chrono::hours(1);
  }
  SECTION("one that claims to be all there is") {
    what.parent.reset();
    what.removals = 0;
    what.licenses_in_all = what.licenses;
  }
  file = archive::write_manifest(what, secret_bytes::locked(32));
  machine b;
  const ended with_copy = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(with_copy.error == errc::backup_salvaged);
  CHECK(damaged_files(with_copy.report) == std::vector<std::string>{manifest_of_2});
  CHECK(same_contents(*b.store, *t.owner.store));

  t.stick->at("000002/manifest-copy") = file;
  b.store = make_memory_license_store();
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(damaged_files(restore.report) == std::vector<std::string>{manifest_of_2});
  CHECK(restore.report.damage[0].error == errc::backup_not_authentic);
  CHECK(b.store->find(id_of(1)).has_value());
  CHECK_FALSE(b.store->find(id_of(13)).has_value());
}

TEST_CASE("a generation from another course of the same set is damage", "[engine][salvage]") {
  three_generations t;
  const auto other = std::make_shared<memory_files>();
  for (const auto& [name, content] : *t.stick)
    if (!name.starts_with("000002/") && !name.starts_with("000003/")) other->emplace(name, content);
  REQUIRE(!ask(t.owner, other, backup_options{.flags = backup_flags::update}).error);
  for (const char* name : {"000002/manifest", "000002/manifest-copy", "000002/index.age", "000002/licenses-001.age"})
    t.stick->at(name) = other->at(name);
  machine b;
  CHECK(ask(b, t.stick, restore_options{.generation = 3}).error == errc::backup_mixed);
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(damaged_files(restore.report) == std::vector<std::string>{manifest_of_2});
  CHECK(restore.report.damage[0].error == errc::backup_mixed);
  for (const auto& [id, item] : contents(*b.store))
    if (item.state.uses_left) CHECK(t.says[3].contains(id));  // nothing but what the newest generation has itself
}

TEST_CASE("forged volumes give no license, however they are damaged", "[engine][salvage]") {
  machine owner, forger;
  individualized(owner);
  individualized(forger);
  for (unsigned i = 0; i != 6; ++i) owner.put(make_license(i, 30'000));
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);

  // Sealed to those who read the set, with the names and counts of the genuine files; only the code is another.
  archive::manifest what = archive::parse_manifest(stick->at("000001/manifest"))->manifest;
  const archive::manifest genuine = what;
  what.volumes.clear();
  what.licenses = what.payload_bytes = 0;
  const auto files = std::make_shared<memory_files>();
  const auto medium = make_memory_medium(files);
  engine::generation_writer writer(*medium, what, 1'000'000'000, {});
  REQUIRE(writer.begin({what.recipient, owner.identity->public_identity()->agreement}, {}));
  for (unsigned i = 0; i != 6; ++i) {
    license item = make_license(i, 30'000);
    item.title = "forged";
    const auto metadata = pack_metadata(item);
    REQUIRE(writer.write(as_record(item, metadata)));
  }
  REQUIRE(writer.finish());

  for (const bool with_manifest : {false, true})
    for (const bool with_index : {false, true})
      for (std::size_t chunk = 0; chunk != 4; ++chunk) {
        const auto forged = copy_of(stick);
        forged->at(volume(1)) = files->at(volume(1));
        if (with_index) forged->at("000001/index.age") = files->at("000001/index.age");
        if (with_manifest)
          forged->at("000001/manifest") = forged->at("000001/manifest-copy") =
              archive::write_manifest(what, secret_bytes::locked(32));
        if (chunk != 3)
          forged->at(volume(1))[three_generations::chunk_at(forged->at(volume(1)), chunk) + 5] ^= std::byte{1};
        owner.store = make_memory_license_store();
        const ended restore = ask(owner, forged, restore_options{.salvage = true});
        CHECK(restore.error.failed());
        CHECK(contents(*owner.store).empty());
      }
  // Neither a genuine header before forged chunks does.
  const auto spliced = copy_of(stick);
  const auto& forged = files->at(volume(1));
  auto& file = spliced->at(volume(1));
  const std::size_t mine = three_generations::chunk_at(file, 0), theirs = three_generations::chunk_at(forged, 0);
  for (const std::size_t kept : {mine, mine - age::payload_nonce_size}) {
    auto copy = file;
    copy.resize(kept);
    copy.insert(copy.end(), forged.begin() + static_cast<std::ptrdiff_t>(theirs - (mine - kept)), forged.end());
    spliced->at(volume(1)) = copy;
    owner.store = make_memory_license_store();
    CHECK(ask(owner, spliced, restore_options{.salvage = true}).error == errc::backup_salvaged);
    CHECK(contents(*owner.store).empty());
  }
}

TEST_CASE("a salvage that is canceled or whose store fails leaves the store as it was", "[engine][salvage]") {
  three_generations t;
  t.stick->at(volume(2)).back() ^= std::byte{1};
  t.stick->erase(index_of_2);
  const auto kept = std::shared_ptr<license_store>(make_memory_license_store());
  (void)put_license(*kept, make_license(2));
  const auto before = contents(*kept);
  for (const store_call call :
       {store_call::describe, store_call::begin_batch, store_call::batch_find, store_call::put, store_call::commit}) {
    for (const bool cancels : {false, true}) {
      int calls = 0;
      t.owner.store = std::make_shared<hooked_store>(kept, [&](store_call now) -> error_code {
        if (now != call || ++calls != 1) return {};
        if (!cancels) return errc::store_failed;
        (void)t.owner.restorer->cancel_license_restore();
        return {};
      });
      const ended restore = ask(t.owner, t.stick, restore_options{.salvage = true});
      INFO(static_cast<int>(call) << ' ' << cancels);
      REQUIRE(calls >= 1);
      if (cancels && call == store_call::commit) {
        CHECK(restore.error == errc::backup_salvaged);  // too late
        continue;
      }
      CHECK(restore.error == (cancels ? errc::operation_canceled : errc::store_failed));
      CHECK(contents(*kept).size() == before.size());
      CHECK(same(contents(*kept).begin()->second, before.begin()->second));
    }
  }
}

TEST_CASE("a salvage is about the licenses that are selected", "[engine][salvage][selection]") {
  three_generations t;
  t.stick->erase(volume(3));
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.selection = {.titles = {"Title 1"}}, .salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(ids_in(*b.store) == std::set<license_id>{id_of(1)});
  CHECK(restore.report.warnings.empty());
  CHECK_FALSE(reasons(restore.report.outcomes).contains(id_of(2)));  // of which an earlier state is there
}
