// SPDX-License-Identifier: BSL-1.0
#include "asked.hpp"
#include "catch.hpp"
#include "hooked_store.hpp"
#include "slot_names.hpp"

#include <string>

using namespace reinstate;
using namespace reinstate::test;

// A plan says what would be done, does nothing of it, and is carried out to the letter or not at all.

namespace {

using decisions = std::map<license_id, std::pair<planned_action, error_code>>;

decisions decided(const operation_plan& plan) {
  decisions out;
  for (const planned_license& each : plan.licenses) out[each.id] = {each.action, each.reason};
  return out;
}

const planned_license& about(const operation_plan& plan, unsigned number) {
  const auto found = std::ranges::find(plan.licenses, id_of(number), &planned_license::id);
  REQUIRE(found != plan.licenses.end());
  return *found;
}

void put_restricted(machine& m, unsigned number) {
  license item = make_license(number);
  item.rights.backup = backup_right::denied;
  m.put(item);
}

const backup_options update{.flags = backup_flags::update};
const backup_options overwrite{.flags = backup_flags::overwrite};

struct planning {
  machine a, b;
  shared_files stick = std::make_shared<memory_files>();

  planning() {
    individualized(a);
    individualized(b);
    for (unsigned i = 0; i != 6; ++i) a.put(make_license(i));
    put_restricted(a, 9);
  }

  // A plan, which must change nothing and ask nobody.
  std::shared_ptr<const operation_plan> planned_backup(const backup_options& options) {
    const memory_files before = *stick;
    const auto licenses = contents(*a.store).size();
    const int asked = a.passphrases_asked;
    const ended outcome = plan(a, stick, options);
    REQUIRE(!outcome.error);
    CHECK(*stick == before);
    CHECK(contents(*a.store).size() == licenses);
    CHECK(a.passphrases_asked == asked);
    return outcome.report.plan;
  }

  std::shared_ptr<const operation_plan> planned_restore(machine& m, restore_options options = {}) {
    const memory_files before = *stick;
    const auto licenses = contents(*m.store);
    const ended outcome = plan(m, stick, options);
    REQUIRE(!outcome.error);
    CHECK(*stick == before);
    CHECK(contents(*m.store).size() == licenses.size());
    return outcome.report.plan;
  }

  // Running a plan must fail, and change nothing.
  ended refused(backup_options options, const std::shared_ptr<const operation_plan>& agreed) {
    const memory_files before = *stick;
    options.plan = agreed;
    const ended outcome = ask(a, stick, options);
    CHECK(outcome.error == errc::plan_outdated);
    CHECK(*stick == before);
    CHECK(outcome.report.generations_removed.empty());
    return outcome;
  }

  ended refused(machine& m, restore_options options, const std::shared_ptr<const operation_plan>& agreed) {
    const auto before = contents(*m.store);
    options.plan = agreed;
    const ended outcome = ask(m, stick, options);
    CHECK(outcome.error == errc::plan_outdated);
    const auto after = contents(*m.store);
    CHECK(std::equal(before.begin(), before.end(), after.begin(), after.end(),
                     [](auto& x, auto& y) { return same(x.second, y.second); }));
    return outcome;
  }
};

}  // namespace

TEST_CASE("a plan of a first backup says what it would begin, and is carried out", "[engine][plan]") {
  planning t;
  const auto agreed = t.planned_backup({});
  CHECK(t.a.passphrases_asked == 0);
  CHECK(agreed->generation == 1);
  CHECK(agreed->builds_on == 0);
  CHECK(agreed->begins_new_set);
  CHECK(agreed->taken == 6);
  CHECK(agreed->left_out == 1);
  CHECK(agreed->payload_bytes == 6 * 200);
  CHECK(agreed->machine_slots == 0);
  CHECK(agreed->generations_removed.empty());
  CHECK(about(*agreed, 3).action == planned_action::take);
  CHECK(about(*agreed, 3).title == "Title 3");
  CHECK(about(*agreed, 9).action == planned_action::leave_out);
  CHECK(about(*agreed, 9).reason == errc::backup_right_absent);
  CHECK(about(*agreed, 9).title == "Title 9");

  const ended done = ask(t.a, t.stick, backup_options{.plan = agreed});
  REQUIRE(!done.error);
  CHECK(done.report.generation == agreed->generation);
  CHECK(done.report.licenses_done == agreed->taken);
  CHECK(done.report.licenses_left_out == agreed->left_out);
}

TEST_CASE("a plan of an update lists what is new and newer and replaced and gone", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  t.a.put(make_license(7));
  edit(*t.a.store, 1, [](license&) {});
  t.a.put(with_uses(make_license(2), 3, 0));  // a lower revision than the backup has
  remove(*t.a.store, 4);
  put_restricted(t.a, 5);
  const auto agreed = t.planned_backup(update);
  CHECK(decided(*agreed) == decisions{{id_of(1), {planned_action::renew, {}}},
                                      {id_of(2), {planned_action::replace, {}}},
                                      {id_of(4), {planned_action::remove, {}}},
                                      {id_of(5), {planned_action::leave_out, errc::backup_right_absent}},
                                      {id_of(7), {planned_action::take, {}}},
                                      {id_of(9), {planned_action::leave_out, errc::backup_right_absent}}});
  CHECK(agreed->kept == 2);
  CHECK(agreed->taken == 1);
  CHECK(agreed->renewed == 1);
  CHECK(agreed->replaced == 1);
  CHECK(agreed->removed == 1);
  CHECK(agreed->left_out == 2);
  CHECK(agreed->generation == 2);
  CHECK(agreed->builds_on == 1);
  CHECK_FALSE(agreed->begins_new_set);
  CHECK(about(*agreed, 4).title.empty());

  backup_options options = update;
  options.plan = agreed;
  const ended done = ask(t.a, t.stick, options);
  REQUIRE(!done.error);
  CHECK(done.report.licenses_done == 3);
  CHECK(done.report.licenses_kept == 2);
  CHECK(done.report.licenses_removed == 1);
  CHECK(done.report.builds_on == 1);
}

TEST_CASE("a plan names the generations that would be removed, and those are", "[engine][plan][keep]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 1, [](license&) {});
  REQUIRE(!ask(t.a, t.stick, update).error);
  backup_options options = overwrite;
  SECTION("by overwriting") {
  }
  SECTION("by the keep policy") {
    options = {.flags = backup_flags::update, .keep = {.last = 1}};
    edit(*t.a.store, 1, [](license&) {});  // without a change nothing is written, and nothing goes
  }
  options.plan = t.planned_backup(options);
  CHECK(std::set<std::uint32_t>(options.plan->generations_removed.begin(), options.plan->generations_removed.end()) ==
        std::set<std::uint32_t>{1, 2});
  const ended done = ask(t.a, t.stick, options);
  REQUIRE(!done.error);
  CHECK(done.report.generations_removed == options.plan->generations_removed);
}

TEST_CASE("a plan of an update that finds no change is about the generation that is there", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 1, [](license&) {});
  REQUIRE(!ask(t.a, t.stick, update).error);
  const unsigned generations = GENERATE(2u, 3u);
  if (generations == 3) {
    remove(*t.a.store, 4);  // a change of nothing but a removal is one
    REQUIRE(!ask(t.a, t.stick, update).error);
  }
  backup_options options{.flags = backup_flags::update, .keep = {.last = 1}};
  options.plan = t.planned_backup(options);
  CHECK(options.plan->writes_nothing);
  CHECK(options.plan->generation == generations);
  CHECK(options.plan->builds_on == generations - 1);
  CHECK(options.plan->generations_removed.empty());
  const memory_files before = *t.stick;
  const ended done = ask(t.a, t.stick, options);
  CHECK(!done.error);
  CHECK(done.report.generation == generations);
  CHECK(done.report.builds_on == generations - 1);
  CHECK(*t.stick == before);

  edit(*t.a.store, 2, [](license&) {});
  CHECK(ask(t.a, t.stick, options).error == errc::plan_outdated);
}

TEST_CASE("a plan of an update that only takes licenses out has a generation to write", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  SECTION("one that is gone") {
    remove(*t.a.store, 4);
  }
  SECTION("one whose right was withdrawn") {
    put_restricted(t.a, 5);
  }
  backup_options options = update;
  options.plan = t.planned_backup(update);
  CHECK_FALSE(options.plan->writes_nothing);
  CHECK(options.plan->generation == 2);
  CHECK(options.plan->builds_on == 1);
  const ended done = ask(t.a, t.stick, options);
  CHECK(!done.error);
  CHECK(done.report.generation == 2);
}

TEST_CASE("a plan of a backup that would be refused is refused alike", "[engine][plan]") {
  planning t;
  REQUIRE(!t.a.backup(t.stick).error);
  CHECK(plan(t.a, t.stick, backup_options{}).error == errc::backup_exists);
  t.a.store = make_memory_license_store();
  CHECK(plan(t.a, t.stick, overwrite).error == errc::nothing_to_back_up);
  CHECK(plan(t.a, t.stick, update).error == errc::nothing_to_back_up);
}

TEST_CASE("a plan of a backup is outdated by any change of the store", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 1, [](license&) {});
  const auto agreed = t.planned_backup(update);
  unsigned changed = 0;
  SECTION("a new license") {
    t.a.put(make_license(changed = 7));
  }
  SECTION("a license that is gone") {
    remove(*t.a.store, changed = 3);
  }
  SECTION("another revision of one that was to stay") {
    edit(*t.a.store, changed = 5, [](license&) {});
  }
  SECTION("another revision of one that was to be taken") {
    edit(*t.a.store, changed = 1, [](license&) {});
  }
  SECTION("a right that was withdrawn") {
    put_restricted(t.a, changed = 1);
  }
  SECTION("one that was to be left out is gone") {
    remove(*t.a.store, changed = 9);
  }
  const ended outcome = t.refused(update, agreed);
  CHECK(reasons(outcome.report.outcomes) ==
        std::map<license_id, error_code>{{id_of(changed), errc::changed_since_plan}});
  CHECK(outcome.report.outcomes.front().title == (changed == 3 ? "" : "Title " + std::to_string(changed)));
  CHECK_FALSE(advice_for(errc::changed_since_plan).empty());
}

TEST_CASE("a plan of a backup is outdated by any change of the backup", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 1, [](license&) {});
  backup_options options = GENERATE(update, overwrite);
  const auto agreed = t.planned_backup(options);
  SECTION("another generation") {
    REQUIRE(
        !ask(t.a, t.stick, backup_options{.flags = backup_flags::update, .selection = {.licenses = {id_of(1)}}}).error);
  }
  SECTION("another backup in its place") {
    t.stick->clear();
    for (unsigned i = 0; i != 6; ++i) t.b.put(make_license(i));
    REQUIRE(!t.b.backup(t.stick).error);
  }
  SECTION("none") {
    t.stick->clear();
  }
  SECTION("another backup of the same in its place") {
    t.stick->clear();
    REQUIRE(!t.a.backup(t.stick).error);
  }
  t.refused(options, agreed);
}

TEST_CASE("a plan of a backup is outdated by other options", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 1, [](license&) {});
  REQUIRE(!ask(t.a, t.stick, update).error);
  edit(*t.a.store, 2, [](license&) {});
  const auto of_update = t.planned_backup(update), of_overwrite = t.planned_backup(overwrite);
  backup_options some = update;
  some.selection.licenses = {id_of(4)};
  t.refused(some, of_update);
  t.refused(overwrite, of_update);
  t.refused(update, of_overwrite);
  t.refused({.flags = backup_flags::update, .keep = {.last = 1}}, of_update);
}

TEST_CASE("a plan that removes nothing is no leave to overwrite", "[engine][plan]") {
  planning t;
  const auto agreed = t.planned_backup({});  // where nothing is yet
  REQUIRE(!t.a.backup(t.stick).error);
  t.refused(overwrite, agreed);
  CHECK(t.stick->contains("000001/manifest"));
}

TEST_CASE("a plan is for its folder and for its operation only", "[engine][plan]") {
  planning t;
  const auto of_backup = t.planned_backup({});
  t.a.open(t.stick);
  (void)t.a.restorer->set_prop(backup_path_property, "another");
  const ended elsewhere =
      t.a.run([&](auto handler) { async_backup_licenses(*t.a.restorer, backup_options{.plan = of_backup}, handler); });
  CHECK(elsewhere.error == errc::plan_outdated);
  CHECK(t.stick->empty());

  REQUIRE(!t.a.backup(t.stick).error);
  t.refused(t.b, {}, of_backup);
  const auto of_restore = t.planned_restore(t.b);
  t.refused(overwrite, of_restore);
  t.b.open(t.stick);
  (void)t.b.restorer->set_prop(restore_path_property, "another");
  const ended other = t.b.run(
      [&](auto handler) { async_restore_licenses(*t.b.restorer, restore_options{.plan = of_restore}, handler); });
  CHECK(other.error == errc::plan_outdated);
  CHECK(contents(*t.b.store).empty());
}

TEST_CASE("a plan of a restore says what would come, and is carried out", "[engine][plan]") {
  planning t;
  for (const unsigned i : {1u, 2u, 3u}) edit(*t.a.store, i, [](license&) {});
  REQUIRE(!t.a.backup(t.stick).error);
  t.b.put(make_license(1));                              // older
  t.b.put(with_uses(make_license(2), std::nullopt, 2));  // the same
  t.b.put(with_uses(make_license(3), std::nullopt, 8));  // newer
  t.b.put(make_license(20));                             // another
  const auto agreed = t.planned_restore(t.b);
  CHECK(decided(*agreed) == decisions{{id_of(0), {planned_action::take, {}}},
                                      {id_of(1), {planned_action::renew, {}}},
                                      {id_of(4), {planned_action::take, {}}},
                                      {id_of(5), {planned_action::take, {}}}});
  CHECK(agreed->kept == 2);
  CHECK(agreed->taken == 3);
  CHECK(agreed->renewed == 1);
  CHECK(agreed->generation == 1);
  CHECK_FALSE(agreed->needs_individualization);
  CHECK(about(*agreed, 1).title == "Title 1");
  CHECK(about(*agreed, 1).revision == 2);
  const ended done = ask(t.b, t.stick, restore_options{.plan = agreed});
  REQUIRE(!done.error);
  CHECK(done.report.licenses_done == 4);
  CHECK(done.report.licenses_kept == 2);
}

TEST_CASE("a plan of a restore makes no identity and says that one is needed", "[engine][plan]") {
  planning t;
  REQUIRE(!t.a.backup(t.stick).error);
  machine fresh;
  const auto agreed = t.planned_restore(fresh);
  CHECK(agreed->needs_individualization);
  CHECK_FALSE(fresh.identity->public_identity().has_value());
  CHECK(!ask(fresh, t.stick, restore_options{.plan = agreed}).error);
  CHECK(same_contents(*fresh.store, *make_memory_license_store()) == false);

  // Who agreed to none being made has not agreed to this.
  const auto without = t.planned_restore(t.b);
  t.b.identity = make_memory_machine_identity();
  t.refused(t.b, {}, without);
}

TEST_CASE("a plan of a restore is outdated by any change of store or backup", "[engine][plan]") {
  planning t;
  REQUIRE(!ask(t.a, t.stick, update).error);
  t.b.put(make_license(1));
  const auto agreed = t.planned_restore(t.b);
  std::map<license_id, error_code> changed;
  restore_options options;
  SECTION("a license that is there now") {
    t.b.put(make_license(2));
    changed = {{id_of(2), errc::changed_since_plan}};
  }
  SECTION("a license that is gone") {
    remove(*t.b.store, 1);
    changed = {{id_of(1), errc::changed_since_plan}};
  }
  SECTION("a newer generation") {
    edit(*t.a.store, 4, [](license&) {});
    REQUIRE(!ask(t.a, t.stick, update).error);
    changed = {{id_of(4), errc::changed_since_plan}};
  }
  SECTION("a selection") {
    options.selection.licenses = {id_of(0), id_of(1), id_of(2), id_of(3), id_of(4)};
    changed = {{id_of(5), errc::changed_since_plan}};
  }
  const ended outcome = t.refused(t.b, options, agreed);
  CHECK(reasons(outcome.report.outcomes) == changed);
}

TEST_CASE("a plan whose list was cut still tells every change", "[engine][plan]") {
  planning t;
  t.a.limits.outcomes = 2;
  const auto agreed = t.planned_backup({});
  CHECK(agreed->licenses.size() == 2);
  CHECK(agreed->taken == 6);
  SECTION("behind the cut") {
    edit(*t.a.store, 5, [](license&) {});
    CHECK(t.refused({}, agreed).report.outcomes.empty());
  }
  SECTION("before it") {
    edit(*t.a.store, 0, [](license&) {});
    CHECK(t.refused({}, agreed).report.outcomes.size() == 1);
  }
  SECTION("but no change where there is none, whatever the limit is by then") {
    t.a.limits.outcomes = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{100});
    CHECK(!ask(t.a, t.stick, backup_options{.plan = agreed}).error);
  }
}

TEST_CASE("a plan of a salvage says what is lost", "[engine][plan][salvage]") {
  planning t;
  REQUIRE(!t.a.backup(t.stick).error);
  t.stick->erase("000001/licenses-001.age");
  CHECK(plan(t.b, t.stick, restore_options{}).error == errc::volume_missing);
  const auto agreed = t.planned_restore(t.b, {.salvage = true});
  CHECK(agreed->left_out == 6);
  CHECK(about(*agreed, 2).action == planned_action::leave_out);
  CHECK(about(*agreed, 2).reason == errc::license_lost);
  CHECK(ask(t.b, t.stick, restore_options{.salvage = true, .plan = agreed}).error == errc::backup_salvaged);
}
