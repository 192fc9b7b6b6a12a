// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "format/archive/archive_set.hpp"
#include "generation_fixture.hpp"
#include "power_cuts.hpp"

#include <reinstate/testing/faulty_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// What an update leaves behind, and removes, wherever it is interrupted: what was there before or what was being
// written can always be restored, and no generation is listed as whole that is not.

namespace {

using testing::medium_call;
using testing::medium_faults;

// Three generations on a stick, and a fourth that is due.
struct due : machine {
  stick_files stick = empty_stick();
  std::map<std::uint32_t, store_image> states;

  due() {
    individualized(*this);
    for (unsigned i = 0; i != 4; ++i) put(make_license(i));
    for (std::uint32_t generation = 1; generation != 4; ++generation) {
      put(make_license(10 + generation));
      if (generation == 3) take_out(*store, make_license(0).id);
      REQUIRE(update(*this, stick).report.generation == generation);
      states[generation] = image_of(*store);
    }
    put(make_license(20));
    put(revised(1, 2));
    states[4] = image_of(*store);
  }

  // Every generation that is listed as whole is what it was, and the newest state that was acknowledged is there, or
  // the one that was being written.
  void check(const stick_files& files, bool is_fourth_acknowledged) const {
    for (const std::uint32_t generation : whole_generations(files)) {
      const restored got = restore_elsewhere(files, generation);
      INFO("generation " << generation << ": " << got.error.message() << " " << got.report.file);
      REQUIRE(!got.error);
      REQUIRE(got.licenses == states.at(generation));
    }
    const restored newest = restore_elsewhere(files);
    INFO("newest, " << newest.report.generation << ": " << newest.error.message() << " " << newest.report.file);
    REQUIRE(!newest.error);
    const bool is_fourth = newest.licenses == states.at(4);
    REQUIRE((is_fourth || (!is_fourth_acknowledged && newest.licenses == states.at(3))));
  }

  // The next backup is as good as if nothing had happened, and leaves nothing of it.
  void check_next(const stick_files& files) {
    put(make_license(30));
    const ended next = update(*this, files, {.last = 1});
    INFO("next: " << next.error.message() << " " << next.report.file);
    REQUIRE(!next.error);
    const restored newest = restore_elsewhere(files);
    REQUIRE(!newest.error);
    REQUIRE(newest.licenses == image_of(*store));
    REQUIRE(!verify(files).error);
    const auto whole = whole_generations(files);
    // Those that it builds on stay, and what has a manifest that cannot be read: it may be anybody's.
    std::set<std::uint32_t> stay(whole.begin(), whole.end());
    for (const generation_summary& each : listed(files))
      if (each.error == errc::manifest_damaged) stay.insert(each.generation);
    for (const auto& [name, content] : *files) {
      INFO(name);
      const auto generation = archive::generation_of(name);
      const bool is_of_generation = generation && name.find('/') != name.npos;
      REQUIRE((!is_of_generation || stay.contains(*generation)));
    }
    take_out(*store, make_license(30).id);
  }

  ended interrupted_update(const stick_files& files, const std::shared_ptr<medium_faults>& faults, keep_policy keep) {
    return run_backup(*this,
                      [&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
                        return testing::make_faulty_medium(make_memory_medium(files), faults);
                      },
                      {.flags = backup_flags::update, .keep = keep});
  }
};

keep_policy any_policy() {
  return GENERATE(keep_policy{.last = 1}, keep_policy{.last = 2});
}

}  // namespace

TEST_CASE("an update that a keep policy follows removes only after the new generation is there", "[engine][prune]") {
  due t;
  const auto seen = std::make_shared<power_cuts::states>();
  const ended fourth = run_backup(t, [&](const std::string&) { return std::make_unique<power_cuts>(t.stick, seen); },
                                  {.flags = backup_flags::update, .keep = {.last = 1}});
  REQUIRE(!fourth.error);
  CHECK(fourth.report.generations_removed == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(fourth.report.builds_on == 0);
  bool was_there = false;
  for (const memory_files& state : *seen) {
    const auto files = std::make_shared<memory_files>(state);
    const auto whole = whole_generations(files);
    was_there = was_there || (!whole.empty() && whole.front() == 4);
    if (!was_there) CHECK(whole == std::vector<std::uint32_t>{3, 2, 1});
    for (const generation_summary& each : listed(files))
      if (was_there) CHECK(!each.error);
  }
  CHECK(whole_generations(t.stick) == std::vector<std::uint32_t>{4});
}

TEST_CASE("an update whose power is cut anywhere leaves the old state or the new", "[engine][prune]") {
  const keep_policy keep = any_policy();
  due t;
  const auto seen = std::make_shared<power_cuts::states>();
  REQUIRE(!run_backup(t, [&](const std::string&) { return std::make_unique<power_cuts>(t.stick, seen); },
                      {.flags = backup_flags::update, .keep = keep})
               .error);
  for (std::size_t i = 0; i != seen->size(); ++i) {
    INFO(to_string(keep) << ", cut " << i << " of " << seen->size());
    const auto files = std::make_shared<memory_files>(seen->at(i));
    t.check(files, false);
    t.check_next(files);
  }
}

TEST_CASE("an update on a medium that is pulled out at any call leaves the old state or the new", "[engine][prune]") {
  const keep_policy keep = any_policy();
  const bool is_pulled_out = GENERATE(true, false);
  const errc error = is_pulled_out ? GENERATE(errc::medium_failed, errc::path_not_found) : errc::medium_full;
  due t;
  for (std::uint64_t at = 1;; ++at) {
    INFO(to_string(keep) << ", call " << at << (is_pulled_out ? " and all after it" : ""));
    const auto files = copy_of(t.stick);
    const auto faults = std::make_shared<medium_faults>();
    faults->fail_at = at;
    faults->keeps_failing = is_pulled_out;
    faults->error = error;
    const ended fourth = t.interrupted_update(files, faults, keep);
    INFO(fourth.error.message() << " " << fourth.report.file);
    t.check(files, !fourth.error);
    if (fourth.error) {
      const bool is_file_gone = error == errc::path_not_found && fourth.error == errc::volume_missing;
      REQUIRE((fourth.error == error || fourth.error == errc::medium_failed || is_file_gone));
      CHECK(fourth.report.licenses_done == 0);
      CHECK(fourth.report.generations_removed.empty());
    }
    t.check_next(files);
    if (faults->calls < at) break;
  }
}

TEST_CASE("an update on a medium that forgets leaves the old state or the new", "[engine][prune]") {
  const keep_policy keep = any_policy();
  due t;
  for (std::uint64_t from = 1;; ++from) {
    INFO(to_string(keep) << ", forgotten from call " << from);
    const auto files = copy_of(t.stick);
    const auto faults = std::make_shared<medium_faults>();
    faults->forget_from = from;
    const ended fourth = t.interrupted_update(files, faults, keep);
    INFO(fourth.error.message() << " " << fourth.report.file);
    t.check(files, !fourth.error);
    t.check_next(files);
    if (faults->calls < from) break;
  }
}

TEST_CASE("an update leaves the generations and slots of others", "[engine][prune]") {
  due t;
  machine other;
  individualized(other);
  other.put(make_license(7));
  REQUIRE(!update(other, t.stick, {.last = 1}).error);
  const memory_files with_theirs = *t.stick;
  REQUIRE(!update(t, t.stick, {.last = 1}).error);
  t.put(make_license(21));
  const ended last = update(t, t.stick, {.last = 1});
  REQUIRE(!last.error);
  CHECK(last.report.generation == 6);
  for (const auto& [name, content] : with_theirs)
    if (name.starts_with("000004/") || name.starts_with("recovery-")) CHECK(t.stick->contains(name));
  CHECK(restore_elsewhere(t.stick, 4).licenses == image_of(*other.store));
  CHECK(restore_elsewhere(t.stick).licenses == image_of(*t.store));
}

TEST_CASE("a renewed set leaves the older one while it has what the store cannot give", "[engine][prune]") {
  due t;
  const auto store = std::make_shared<spoiled_store>(t.store);
  const license_id id = make_license(12).id;
  t.store = store;
  store->damaged = {id};
  t.begin_new_set = true;
  const ended fourth = update(t, t.stick, {.last = 1});
  REQUIRE(!fourth.error);
  CHECK(fourth.report.generations_removed.empty());
  t.begin_new_set = false;
  for (unsigned round = 0; round != 3; ++round) {
    t.put(make_license(40 + round));
    REQUIRE(!update(t, t.stick, {.last = 1}).error);
    CHECK(restore_elsewhere(t.stick, 3).licenses.contains(id));
  }
  CHECK(whole_generations(t.stick) == std::vector<std::uint32_t>{7, 3, 2, 1});
  // Once it can be opened again, nobody needs the old set.
  store->damaged.clear();
  t.put(make_license(50));
  REQUIRE(!update(t, t.stick, {.last = 1}).error);
  CHECK(whole_generations(t.stick) == std::vector<std::uint32_t>{8});
  CHECK(restore_elsewhere(t.stick).licenses.contains(id));
  for (const auto& [name, content] : *t.stick) CHECK_FALSE(name.starts_with("recovery-000001"));
}
