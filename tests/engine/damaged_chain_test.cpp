// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "generation_fixture.hpp"

#include <reinstate/testing/faulty_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// Generations that build on each other, with something wrong in the midst of them.

namespace {

// Three generations, two of which build on the one before; a fourth holds everything where `begins_anew`.
struct chained : machine {
  stick_files stick = empty_stick();
  std::map<std::uint32_t, store_image> states;

  chained() {
    individualized(*this);
    for (unsigned i = 0; i != 3; ++i) put(make_license(i, 50));
    add(1);
    put(revised(1, 2, 50));
    add(2);
    take_out(*store, make_license(0).id);
    put(make_license(5, 50));
    add(3);
  }

  void add(std::uint32_t generation) {
    REQUIRE(update(*this, stick).report.generation == generation);
    states[generation] = image_of(*store);
  }

  ended verify_generation(const stick_files& files, std::uint32_t generation) {
    open(files);
    return run(
        [&](auto handler) { async_verify_backup(*restorer, verify_options{.generation = generation}, handler); });
  }

  ended health(const stick_files& files) {
    open(files);
    return run([&](auto handler) { async_check_health(*restorer, health_options{}, handler); });
  }
};

}  // namespace

TEST_CASE("where a generation in the middle is missing the newest whole one is restored", "[engine][chain]") {
  chained t;
  std::string name;
  errc error = errc::generation_missing;
  SECTION("its manifest") {
    name = "000002/manifest";
  }
  SECTION("its volume") {
    name = "000002/licenses-001.age";
    error = errc::volume_missing;
  }
  t.stick->erase(name);

  const restored newest = restore_elsewhere(t.stick);
  CHECK(!newest.error);
  CHECK(newest.report.generation == 1);
  CHECK(newest.licenses == t.states.at(1));
  REQUIRE(!newest.report.damage.empty());
  CHECK(newest.report.damage[0].file == name);
  CHECK(newest.report.damage[0].error == error);

  const restored third = restore_elsewhere(t.stick, 3);
  CHECK(third.error == error);
  CHECK(third.report.file == name);
  CHECK(third.licenses.empty());
  CHECK(t.verify(t.stick).error == error);
  CHECK(whole_generations(t.stick) == std::vector<std::uint32_t>{1});
  CHECK(listed(t.stick).front().error == error);

  // A backup made now can be restored.
  t.put(make_license(9));
  const ended fourth = update(t, t.stick, {.last = 2});
  CHECK(!fourth.error);
  CHECK(restore_elsewhere(t.stick).licenses == image_of(*t.store));
  CHECK(restore_elsewhere(t.stick).report.damage.empty());
}

TEST_CASE("a generation of another history is not taken for the one that is missing", "[engine][chain]") {
  chained t;
  const stick_files other = copy_of(t.stick);
  // The same machine and set, and another second generation.
  for (const char* file : {"manifest", "manifest-copy", "licenses-001.age", "index.age"})
    for (const char* generation : {"000002/", "000003/"}) other->erase(std::string(generation) + file);
  t.put(make_license(9));
  REQUIRE(update(t, other).report.generation == 2);
  for (const char* file : {"manifest", "manifest-copy", "licenses-001.age", "index.age"})
    t.stick->at(std::string("000002/") + file) = other->at(std::string("000002/") + file);
  CHECK(restore_elsewhere(t.stick, 3).error == errc::backup_mixed);
  CHECK(restore_elsewhere(t.stick).report.generation == 2);
  CHECK(t.verify(t.stick).error == errc::backup_mixed);
}

TEST_CASE("a flipped byte anywhere in a chain of three never gives wrong licenses", "[engine][chain]") {
  chained t;
  for (const auto& [name, content] : *t.stick) {
    for (std::size_t at = 0; at<content.size(); at += content.size()> 1000 ? 13 : 5) {
      const auto damaged = copy_of(t.stick);
      damaged->at(name)[at] ^= static_cast<std::byte>(1u << (at % 8));
      INFO(name << " at " << at);
      // This machine: quick, since it needs no passphrase.
      machine same;
      same.identity = t.identity;
      const ended restore = same.restore(damaged);
      if (!restore.error) REQUIRE(image_of(*same.store) == t.states.at(restore.report.generation));
      if (!restore.error && restore.report.generation != 3) REQUIRE(!restore.report.damage.empty());
      if (restore.error) REQUIRE(contents(*same.store).empty());
      REQUIRE(t.verify(damaged).error);
    }
  }
}

TEST_CASE("an update over a chain with a flipped byte fails or can be told to be damaged", "[engine][chain]") {
  chained t;
  const store_image before = image_of(*t.store);
  t.put(make_license(9));
  for (const auto& [name, content] : *t.stick) {
    // What opens the set is another matter, and the copies of manifests are read by a salvage alone.
    if (name.find('/') == name.npos || name.ends_with("-copy")) continue;
    for (std::size_t at = 0; at < content.size(); at += 31) {
      const auto damaged = copy_of(t.stick);
      damaged->at(name)[at] ^= std::byte{4};
      INFO(name << " at " << at);
      const ended fourth = update(t, damaged);
      REQUIRE(!fourth.error);
      // Volumes are not read by an update: that takes a verification. All else is begun anew.
      const restored got = restore_elsewhere(damaged);
      if (name.ends_with("manifest") || name.ends_with("index.age")) REQUIRE(got.licenses == image_of(*t.store));
      if (!got.error) REQUIRE(got.licenses == image_of(*t.store));
      REQUIRE(!got.error == !t.verify(damaged).error);
    }
  }
}

TEST_CASE("an update does not build on a chain in which a file has another size", "[engine][chain][update]") {
  const std::string name = GENERATE("licenses-001.age", "index.age");
  const std::string generation = GENERATE("000001/", "000002/", "000003/");
  const int change = GENERATE(-1, 1);
  chained t;
  std::vector<std::byte>& file = t.stick->at(generation + name);
  file.resize(file.size() + static_cast<std::size_t>(change));
  t.put(make_license(9));
  const ended fourth = update(t, t.stick);
  CHECK(!fourth.error);
  CHECK(fourth.report.builds_on == 0);
  CHECK(restore_elsewhere(t.stick).licenses == image_of(*t.store));
  CHECK(!t.verify(t.stick).error);
}

TEST_CASE("an update that would need what has rotted says so and overwriting goes on", "[engine][chain][update]") {
  chained t;
  const auto store = std::make_shared<spoiled_store>(t.store);
  store->damaged = {make_license(2).id};  // it is in the first generation only
  t.store = store;
  std::vector<std::byte>& file = t.stick->at("000001/licenses-001.age");
  file[file.size() - 20] ^= std::byte{1};
  t.put(revised(1, 3, 50));

  const memory_files before = *t.stick;
  const ended fourth = update(t, t.stick, {.last = 1});
  CHECK(fourth.error == errc::backup_damaged);
  CHECK(fourth.report.file == "000001/licenses-001.age");
  CHECK(advice_for(fourth.error).find("overwrite") != std::string_view::npos);
  CHECK(*t.stick == before);

  const ended anew = run_backup(t, t.stick, {.flags = backup_flags::overwrite});
  CHECK(!anew.error);
  CHECK(anew.report.licenses_left_out == 1);
  CHECK(anew.report.generations_removed.empty());
  CHECK(std::ranges::includes(*t.stick, before));  // they may be the only place of what was left out
  CHECK(restore_elsewhere(t.stick).licenses.size() == 2);
  t.put(revised(1, 4, 50));
  CHECK(update(t, t.stick).report.builds_on == anew.report.generation);
  CHECK(!t.verify(t.stick).error);
}

TEST_CASE("a stick that is pulled out while a chain is read changes nothing", "[engine][chain]") {
  const errc error = GENERATE(errc::medium_failed, errc::path_not_found);
  const int what = GENERATE(0, 1, 2, 3);
  chained t;
  for (std::uint64_t at = 1;; ++at) {
    INFO("operation " << what << ", call " << at);
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = at;
    faults->keeps_failing = true;
    faults->error = error;
    const medium_factory media = [&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(t.stick), faults);
    };
    machine other;
    machine& m = what == 0 ? other : t;
    m.open(media);
    const store_image before = image_of(*m.store);
    const memory_files files = *t.stick;
    const ended end = m.run([&](auto handler) {
      switch (what) {
        case 0: return async_restore_licenses(*m.restorer, restore_flags::individualize, handler);
        case 1: return async_verify_backup(*m.restorer, handler);
        case 2: return async_check_health(*m.restorer, health_options{}, handler);
        default: return async_plan_backup(*m.restorer, {.flags = backup_flags::update}, handler);
      }
    });
    REQUIRE(*t.stick == files);
    if (faults->calls < at) {
      CHECK(!end.error);
      break;
    }
    INFO(end.error.message() << " " << end.report.file);
    REQUIRE(end.error);
    if (error == errc::medium_failed) REQUIRE(end.error == errc::medium_failed);
    REQUIRE(image_of(*m.store) == before);
  }
}
