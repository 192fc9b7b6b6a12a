// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "engine/set/kept_generations.hpp"
#include "generation_fixture.hpp"

#include <random>

using namespace reinstate;
using namespace reinstate::test;

// Long histories of updates against a model of what each generation must hold.

namespace {

using std::chrono::sys_seconds;

// A machine whose store changes at random, and what its backups should hold.
struct history : machine {
  std::mt19937 random;
  std::shared_ptr<license_store> inner = make_memory_license_store();
  std::shared_ptr<spoiled_store> spoiled = std::make_shared<spoiled_store>(inner);
  stick_files stick = empty_stick();
  sys_seconds now{std::chrono::seconds{1'700'000'000}};

  store_image newest;                           // what the newest generation holds
  std::map<std::uint32_t, store_image> states;  // and every earlier one
  std::vector<engine::dated_generation> dates;  // of those that are there

  explicit history(unsigned seed) : random(seed) {
    store = spoiled;
    individualized(*this);
  }

  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random); }

  void change_license(unsigned number) {
    const license_id id = make_license(number).id;
    const auto present = inner->find(id);
    license item = make_license(number, 1 + below(400));
    item.revision = present ? present->revision : 5;
    switch (below(8)) {
      case 0: return take_out(*inner, id);
      case 1: item.rights.backup = backup_right::denied; break;
      case 2: item.revision -= item.revision == 0 ? 0 : 1; break;
      case 3: spoiled->damaged.insert(id); return;
      case 4: spoiled->damaged.erase(id); return;
      default: break;
    }
    if (present && item.revision == present->revision) ++item.revision;
    item.payload.expose_writable()[0] = static_cast<std::byte>(below(256));
    (void)put_license(*inner, item);
  }

  // Mostly forward, at times anywhere.
  void let_time_pass() {
    switch (below(10)) {
      case 0: now = sys_seconds{}; break;
      case 1: now = sys_seconds{std::chrono::seconds{4'102'444'800}}; break;  // 2100
      case 2: now = sys_seconds{std::chrono::seconds{1'700'000'000}}; break;
      case 3: now -= std::chrono::hours{below(2000)}; break;
      default: now += std::chrono::hours{below(200)};
    }
  }

  // What a generation written now must hold.
  store_image expected() {
    store_image out;
    for (const auto& [id, item] : contents(*inner)) {
      // What a license that cannot be opened says of its rights is not to be believed either.
      const auto before = newest.find(id);
      if (spoiled->damaged.contains(id)) {
        if (before != newest.end()) out.insert(*before);
      } else if (item.rights.backup == backup_right::granted) {
        out.emplace(id, image_of(item));
      }
    }
    return out;
  }

  ended update_now(keep_policy keep) {
    auto config = config_with([this](const std::string&) { return make_memory_medium(stick); });
    config.clock = [this] { return now; };
    open(std::move(config));
    return run([&](auto handler) {
      async_backup_licenses(*restorer, {.flags = backup_flags::update, .keep = keep}, handler);
    });
  }

  keep_policy some_policy() {
    switch (below(6)) {
      case 0: return {.last = 1};
      case 1: return {.last = 1 + below(5)};
      case 2: return {.daily = 1 + below(4), .weekly = below(3)};
      case 3: return {.last = 2, .monthly = 1 + below(3)};
      default: return {};
    }
  }

  void check_state(std::uint32_t generation) {
    const restored got = restore_elsewhere(stick, generation);
    INFO("generation " << generation << ": " << got.error.message() << " " << got.report.file);
    REQUIRE(!got.error);
    REQUIRE(got.licenses == states.at(generation));
  }

  // The generations that are there are those that the policy keeps, and what these build on.
  void check_kept(const keep_policy& keep) {
    const auto all = listed(stick);
    const auto wanted = engine::kept(keep, dates);
    std::set<std::uint32_t> stay(wanted.begin(), wanted.end()), there;
    for (const generation_summary& each : all) {
      REQUIRE(!each.error);
      there.insert(each.generation);
      if (stay.contains(each.generation) && each.description.builds_on != 0) stay.insert(each.description.builds_on);
    }
    REQUIRE(there == stay);
    std::erase_if(dates, [&](const engine::dated_generation& each) { return !there.contains(each.number); });
  }
};

}  // namespace

TEST_CASE("any history of updates restores to what the store held each time", "[engine][update][model]") {
  const unsigned seed = GENERATE(range(1u, 7u));
  history t(seed);
  for (unsigned i = 0; i != 12; ++i) (void)put_license(*t.inner, make_license(i));
  for (unsigned round = 0; round != 45; ++round) {
    INFO("seed " << seed << ", round " << round);
    for (unsigned changes = t.below(5); changes != 0; --changes) t.change_license(t.below(25));
    t.let_time_pass();
    const keep_policy keep = t.some_policy();
    const store_image expected = t.expected();
    const memory_files before = *t.stick;

    const ended next = t.update_now(keep);
    INFO(to_string(keep) << ": " << next.error.message() << " " << next.report.file);
    if (expected.empty() && !t.newest.empty()) {
      REQUIRE(next.error == errc::nothing_to_back_up);
      REQUIRE(*t.stick == before);
      continue;
    }
    REQUIRE(!next.error);
    const bool is_written = !t.states.contains(next.report.generation);
    REQUIRE(is_written == (round == 0 || expected != t.newest));
    if (is_written) {
      t.states[next.report.generation] = expected;
      t.dates.push_back({next.report.generation, t.now});
      t.newest = expected;
      t.check_kept(keep);
    } else {
      REQUIRE(*t.stick == before);
    }
    REQUIRE(!t.verify(t.stick).error);
    t.check_state(next.report.generation);
    t.check_state(t.dates[t.below(static_cast<unsigned>(t.dates.size()))].number);
  }
  for (const engine::dated_generation& each : t.dates) t.check_state(each.number);
}

TEST_CASE("a chain begins anew before it is too long", "[engine][update][model]") {
  history t(1);
  for (unsigned i = 0; i != 5; ++i) (void)put_license(*t.inner, make_license(i));
  std::map<std::uint32_t, std::uint32_t> length;
  for (unsigned round = 0; round != 70; ++round) {
    (void)put_license(*t.inner, revised(round % 5, round + 2));
    const ended next = t.update_now({});
    REQUIRE(!next.error);
    const std::uint32_t builds_on = next.report.builds_on;
    CHECK((builds_on == 0 || builds_on + 1 == next.report.generation));
    length[next.report.generation] = builds_on == 0 ? 1 : length.at(builds_on) + 1;
    CHECK(length.at(next.report.generation) <= 32);
    t.states[next.report.generation] = image_of(*t.inner);
  }
  CHECK(length.at(70) == 6);
  CHECK(whole_generations(t.stick).size() == 70);
  for (const std::uint32_t generation : {1u, 32u, 33u, 70u}) t.check_state(generation);
}

TEST_CASE("a thousand updates with a keep policy leave a bounded folder", "[engine][update][model]") {
  history t(1);
  for (unsigned i = 0; i != 5; ++i) (void)put_license(*t.inner, make_license(i));
  const keep_policy keep{.last = 3, .daily = 2};
  std::size_t most_files = 0;
  for (unsigned round = 0; round != 1000; ++round) {
    (void)put_license(*t.inner, revised(round % 5, round + 2));
    t.now += std::chrono::hours{7};
    REQUIRE(!t.update_now(keep).error);
    most_files = std::max(most_files, t.stick->size());
  }
  CHECK(most_files <= 60);
  t.states[1000] = image_of(*t.inner);
  t.check_state(1000);
  CHECK(!t.verify(t.stick).error);
}

TEST_CASE("a clock that is far off or goes back dates generations and loses none", "[engine][update]") {
  history t(1);
  const std::vector<sys_seconds> instants{
      sys_seconds{std::chrono::seconds{4'102'444'800}},
      sys_seconds{},
      sys_seconds{std::chrono::seconds{-1}},
      sys_seconds{std::chrono::seconds{1'700'000'000}},
      sys_seconds{std::chrono::seconds{1'600'000'000}},
      sys_seconds::max(),
      sys_seconds::min(),
  };
  for (unsigned i = 0; i != instants.size(); ++i) {
    (void)put_license(*t.inner, make_license(i));
    t.now = instants[i];
    const ended next = t.update_now({.daily = 10});
    INFO(i << ": " << next.error.message());
    REQUIRE(!next.error);
    t.states[next.report.generation] = image_of(*t.inner);
  }
  const auto all = listed(t.stick);
  REQUIRE(all.size() == instants.size());
  for (const generation_summary& each : all) {
    CHECK(!each.error);
    CHECK(each.description.created == instants[each.generation - 1]);
    t.check_state(each.generation);
  }
}
