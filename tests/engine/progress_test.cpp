// SPDX-License-Identifier: BSL-1.0
#include "three_generations.hpp"

using namespace reinstate;
using namespace reinstate::test;

// What an operation tells while it runs, and of each license.

namespace {

using phase = operation_phase;

struct told {
  std::set<phase> phases;
  std::string mistake;
};

double share(std::uint64_t done, std::uint64_t total) {
  return total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
}

// Every phase begins with nothing or goes on from there, never goes back, and the last ends with everything.
told progress_told(const machine& m) {
  const std::vector<operation_progress> all = progress_of(m);
  if (all.size() < 2) return {{}, "there are not two"};
  told out;
  const operation_progress* last = nullptr;
  for (const operation_progress& now : all) {
    if (now.licenses_done > now.licenses_total || now.bytes_done > now.bytes_total) out.mistake = "more than all";
    const bool goes_on = last != nullptr && last->phase == now.phase;
    const bool goes_back =
        goes_on && (share(now.licenses_done, now.licenses_total) < share(last->licenses_done, last->licenses_total) ||
                    share(now.bytes_done, now.bytes_total) < share(last->bytes_done, last->bytes_total));
    if (goes_back) out.mistake = "it goes back";
    if (!goes_on && !out.phases.insert(now.phase).second) out.mistake = "a phase comes twice";
    last = &now;
  }
  if (all.front().licenses_done != 0 || all.front().bytes_done != 0) out.mistake = "it does not begin with nothing";
  if (last->licenses_done != last->licenses_total || last->bytes_done != last->bytes_total)
    out.mistake = "it does not end with everything";
  return out;
}

void check_told(const machine& m, const std::set<phase>& phases) {
  const told what = progress_told(m);
  CHECK(what.mistake == "");
  CHECK(what.phases == phases);
}

// More than what is done between two looks, so that there is progress in the middle.
void fill(machine& m) {
  individualized(m);
  for (unsigned i = 0; i != 12; ++i) m.put(make_license(i, 1'000'000));
  license leaf = make_license(20);
  leaf.issuer = "Somebody";
  m.put(leaf);
}

}  // namespace

TEST_CASE("every operation tells of its progress from nothing to everything", "[engine][progress]") {
  machine a, b;
  fill(a);
  const auto stick = std::make_shared<memory_files>();
  const backup_options update{.flags = backup_flags::update};
  const license_selection some{.issuers = {"Somebody"}};

  REQUIRE(!plan(a, stick, backup_options{}).error);
  check_told(a, {phase::comparing});
  REQUIRE(!ask(a, stick, update).error);
  check_told(a, {phase::copying, phase::checking});
  edit(*a.store, 3, [](license&) {});
  REQUIRE(!ask(a, stick, update).error);
  check_told(a, {phase::copying, phase::checking});
  REQUIRE(!ask(a, stick, update).error);  // nothing to do
  check_told(a, {phase::copying});
  REQUIRE(!ask(a, stick, backup_options{.flags = backup_flags::overwrite, .selection = some}).error);
  check_told(a, {phase::comparing, phase::copying, phase::checking});

  for (const bool continue_after_damage : {false, true}) {
    REQUIRE(!ask(b, stick, verify_options{.generation = 2, .continue_after_damage = continue_after_damage}).error);
    check_told(b, {phase::copying});
    CHECK(progress_of(b).back().licenses_done == 13);
    CHECK(progress_of(b).back().bytes_done > 12'000'000);
  }
  REQUIRE(!plan(b, stick, restore_options{.generation = 2}).error);
  check_told(b, {phase::comparing});
  REQUIRE(!ask(b, stick, restore_options{.selection = some, .generation = 2}).error);
  check_told(b, {phase::comparing, phase::copying});
  REQUIRE(!ask(b, stick, restore_options{.generation = 2}).error);
  check_told(b, {phase::copying});
  REQUIRE(!ask(a, stick, health_options{}).error);
  check_told(a, {phase::comparing});
}

TEST_CASE("a salvage that finds little ends with everything all the same", "[engine][progress][salvage]") {
  three_generations t;
  machine b;
  SECTION("a volume is gone") {
    t.stick->erase("000001/licenses-001.age");
  }
  SECTION("an index is gone, and the volumes have to tell") {
    t.stick->erase("000003/index.age");
  }
  SECTION("the end is gone") {
    t.stick->at("000003/licenses-001.age").resize(70'000);
  }
  CHECK(ask(b, t.stick, restore_options{.salvage = true}).error == errc::backup_salvaged);
  CHECK(progress_told(b).mistake == "");
}

TEST_CASE("a store that shrinks behind its description does not keep the progress from its end", "[engine][progress]") {
  machine a;
  fill(a);
  const auto stick = std::make_shared<memory_files>();
  struct boasting final : license_store {
    explicit boasting(std::shared_ptr<license_store> inner) : inner(std::move(inner)) {}
    result<store_description> describe() override { return store_description{1000, 1'000'000'000}; }
    result<std::unique_ptr<license_cursor>> open_cursor() override { return inner->open_cursor(); }
    result<std::unique_ptr<write_batch>> begin_batch() override { return inner->begin_batch(); }
    result<license> find(const license_id& id) override { return inner->find(id); }
    std::shared_ptr<license_store> inner;
  };
  a.store = std::make_shared<boasting>(a.store);
  REQUIRE(!a.backup(stick).error);
  check_told(a, {phase::copying, phase::checking});
  const std::vector<operation_progress> all = progress_of(a);
  const auto last_copied = std::prev(std::ranges::find(all, phase::checking, &operation_progress::phase));
  CHECK(last_copied->licenses_total == 13);
  REQUIRE(!ask(a, stick, health_options{}).error);
  check_told(a, {phase::comparing});
}

TEST_CASE("each license left out is told at once and in the report, with its title and what to do",
          "[engine][progress]") {
  machine a;
  individualized(a);
  a.put(make_license(1));
  license denied = make_license(2), managed = make_license(3), large = make_license(4, 5'000);
  denied.rights.backup = backup_right::denied;
  managed.rights.backup = backup_right::managed;
  for (const license* each : {&denied, &managed, &large}) a.put(*each);
  a.limits.license_bytes = 2'000;
  const ended done = a.backup(std::make_shared<memory_files>());
  REQUIRE(!done.error);
  const std::map<license_id, error_code> expected{
      {id_of(2), errc::backup_right_absent}, {id_of(3), errc::service_required}, {id_of(4), errc::license_too_large}};
  CHECK(reasons(done.report.outcomes) == expected);
  std::map<license_id, error_code> told;
  for (const status_event& event : a.events) {
    if (event.status != status::restricted_license) continue;
    const auto& item = std::get<license_reference>(event.payload);
    told[item.id] = event.error;
    CHECK(item.key == a.store->find(item.id)->key);
    CHECK(item.title == a.store->find(item.id)->title);
  }
  CHECK(told == expected);
  for (const license_outcome& each : done.report.outcomes) {
    CHECK(each.title == a.store->find(each.id)->title);
    CHECK_FALSE(advice_for(each.reason).empty());
  }
}
