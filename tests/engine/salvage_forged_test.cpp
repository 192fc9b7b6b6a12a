// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_manifest.hpp"
#include "three_generations.hpp"

using namespace reinstate;
using namespace reinstate::test;

// Manifests that somebody without the keys put where a genuine one was, or beside it.

namespace {

std::vector<std::byte> forged(const three_generations& t, unsigned generation) {
  archive::manifest what = archive::parse_manifest(t.stick->at("000003/manifest"))->manifest;
  what.generation = generation;
  what.created += std::chrono::hours(1);
  return archive::write_manifest(what, secret_bytes::locked(32));
}

std::set<license_id> ids_that_can_run_out(const std::map<license_id, license>& all) {
  std::set<license_id> out;
  for (const auto& [id, item] : all)
    if (item.state.uses_left) out.insert(id);
  return out;
}

// Three generations and a fourth manifest that is forged.
struct planted : three_generations {
  planted() {
    (*stick)["000004/manifest"] = forged(*this, 4);
    (*stick)["000004/licenses-001.age"] = stick->at("000003/licenses-001.age");
  }
};

}  // namespace

TEST_CASE("a restore does not go back behind a forged manifest unless it is told to", "[engine][salvage]") {
  planted t;
  machine b;
  const ended newest = ask(b, t.stick, restore_options{});
  CHECK(newest.error == errc::backup_not_authentic);
  CHECK(newest.report.file == "000004/manifest");
  CHECK(contents(*b.store).empty());
  CHECK(!ask(b, t.stick, restore_options{.generation = 3}).error);
  CHECK(same_contents(*b.store, *t.owner.store));
}

TEST_CASE("a salvage passes over a forged manifest and gives no use back", "[engine][salvage]") {
  planted t;
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(restore.report.generation == 3);
  CHECK(restore.report.builds_on == 2);
  CHECK(restore.report.file.empty());
  REQUIRE(restore.report.damage.size() == 1);
  CHECK(restore.report.damage[0].file == "000004/manifest");
  CHECK(restore.report.damage[0].error == errc::backup_not_authentic);
  CHECK(b.passphrases_asked == 1);

  // There may have been a fourth generation in which they were played.
  const std::set<license_id> can_run_out = ids_that_can_run_out(t.holds[3]);
  REQUIRE_FALSE(can_run_out.empty());
  std::set<license_id> lost;
  for (const auto& [id, reason] : reasons(restore.report.outcomes)) {
    CHECK(reason == errc::license_lost);
    lost.insert(id);
  }
  CHECK(lost == can_run_out);
  for (const auto& [id, item] : t.holds[3]) CHECK(b.store->find(id).has_value() != can_run_out.contains(id));
}

TEST_CASE("beside what the store has a salvage behind a forged manifest changes nothing", "[engine][salvage]") {
  planted t;
  const auto before = contents(*t.owner.store);
  const ended restore = ask(t.owner, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  CHECK(restore.report.outcomes.empty());
  for (const auto& [id, item] : contents(*t.owner.store)) CHECK(same(item, before.at(id)));
}

TEST_CASE("the copy of a manifest that was replaced tells everything", "[engine][salvage]") {
  three_generations t;
  t.stick->at("000003/manifest") = forged(t, 3);
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_salvaged);
  REQUIRE(restore.report.damage.size() == 1);
  CHECK(restore.report.damage[0].file == "000003/manifest");
  CHECK(restore.report.outcomes.empty());
  CHECK(same_contents(*b.store, *t.owner.store));
}

TEST_CASE("the machine that began a set needs no passphrase to see a forgery of it", "[engine][salvage]") {
  planted t;
  t.owner.store = make_memory_license_store();
  backup_restorer_config config = t.owner.config_with([&](const std::string&) { return make_memory_medium(t.stick); });
  config.passphrase = {};
  t.owner.open(std::move(config));
  const ended restore =
      t.owner.run([&](auto handler) { async_restore_licenses(*t.owner.restorer, restore_options{}, handler); });
  CHECK(restore.error == errc::backup_not_authentic);
  CHECK(restore.report.file == "000004/manifest");
  const ended salvage = t.owner.run(
      [&](auto handler) { async_restore_licenses(*t.owner.restorer, restore_options{.salvage = true}, handler); });
  CHECK(salvage.error == errc::backup_salvaged);
  CHECK(t.owner.store->find(id_of(1)).has_value());
}

TEST_CASE("a verification to the end names a forged manifest and goes on behind it", "[engine][verify]") {
  planted t;
  const ended verify = ask(t.owner, t.stick, verify_options{.continue_after_damage = true});
  CHECK(verify.error == errc::backup_not_authentic);
  CHECK(verify.report.file == "000004/manifest");
  CHECK(verify.report.generation == 3);
  CHECK(verify.report.licenses_seen == t.holds[3].size());
}

TEST_CASE("a salvage gives up where forged manifests do not end", "[engine][salvage]") {
  planted t;
  for (unsigned generation = 5; generation != 30; ++generation)
    (*t.stick)[archive::manifest_name(generation)] = forged(t, generation);
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(restore.error == errc::backup_not_authentic);
  CHECK(restore.report.damage.size() < 25);
  CHECK(contents(*b.store).empty());
  CHECK(ask(b, t.stick, restore_options{.generation = 3, .salvage = true}).report.damage.empty());
  CHECK(same_contents(*b.store, *t.owner.store));
}
