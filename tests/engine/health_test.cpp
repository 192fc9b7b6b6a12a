// SPDX-License-Identifier: BSL-1.0
#include "asked.hpp"
#include "catch.hpp"
#include "hooked_store.hpp"

using namespace reinstate;
using namespace reinstate::test;

// How a store compares with its backup, and what puts it right.

namespace {

using findings = std::map<license_id, error_code>;

// A store some of whose licenses cannot be opened any more, until they are put again.
struct wounded {
  std::shared_ptr<license_store> inner = make_memory_license_store();
  std::set<license_id> damaged;
  int payloads = 0, finds = 0;

  std::shared_ptr<license_store> store() { return std::make_shared<view>(*this); }

 private:
  struct view final : license_store {
    explicit view(wounded& all) : all(all) {}
    result<store_description> describe() override { return all.inner->describe(); }
    result<std::unique_ptr<license_cursor>> open_cursor() override {
      return std::make_unique<cursor>(all, *all.inner->open_cursor());
    }
    result<std::unique_ptr<write_batch>> begin_batch() override {
      return std::make_unique<batch>(all, *all.inner->begin_batch());
    }
    result<license> find(const license_id& id) override {
      ++all.finds;
      if (all.damaged.contains(id)) return errc::license_damaged;
      return all.inner->find(id);
    }
    wounded& all;
  };

  struct cursor final : license_cursor {
    cursor(wounded& all, std::unique_ptr<license_cursor> inner) : all(all), inner(std::move(inner)) {}
    result<std::optional<license_record>> next() override {
      auto item = inner->next();
      if (item && *item) at = (*item)->id;
      return item;
    }
    result<std::span<const std::byte>> payload() override {
      ++all.payloads;
      if (all.damaged.contains(at)) return errc::license_damaged;
      return inner->payload();
    }
    wounded& all;
    std::unique_ptr<license_cursor> inner;
    license_id at{};
  };

  struct batch final : write_batch {
    batch(wounded& all, std::unique_ptr<write_batch> inner) : all(all), inner(std::move(inner)) {}
    result<std::optional<license_version>> find(const license_id& id) override { return inner->find(id); }
    result<void> put(const license_record& record) override {
      healed.insert(record.id);
      return inner->put(record);
    }
    result<void> remove(const license_id& id) override { return inner->remove(id); }
    result<void> commit() override {
      for (const license_id& id : healed) all.damaged.erase(id);
      return inner->commit();
    }
    wounded& all;
    std::unique_ptr<write_batch> inner;
    std::set<license_id> healed;
  };
};

struct patient {
  machine m;
  wounded kept;
  shared_files stick = std::make_shared<memory_files>();

  patient() {
    individualized(m);
    m.store = kept.store();
    for (unsigned i = 0; i != 6; ++i) m.put(with_uses(make_license(i), 10, 3));
    REQUIRE(!m.backup(stick).error);
    m.passphrases_asked = 0;
  }

  findings health(health_options options = {}) {
    const ended outcome = ask(m, stick, options);
    REQUIRE(!outcome.error);
    for (const license_outcome& each : outcome.report.outcomes) CHECK_FALSE(advice_for(each.reason).empty());
    return reasons(outcome.report.outcomes);
  }
};

}  // namespace

TEST_CASE("a store whose licenses are all in the backup as they are is healthy", "[engine][health]") {
  patient t;
  t.kept.payloads = t.kept.finds = 0;
  const memory_files before = *t.stick;
  const ended outcome = ask(t.m, t.stick, health_options{});
  CHECK(!outcome.error);
  CHECK(outcome.report.outcomes.empty());
  CHECK(outcome.report.licenses_seen == 6);
  CHECK(outcome.report.licenses_done == 6);
  CHECK(outcome.report.generation == 1);
  CHECK(t.m.passphrases_asked == 0);
  CHECK(t.kept.payloads == 0);
  CHECK(t.kept.finds == 0);
  CHECK(*t.stick == before);
}

TEST_CASE("each kind of difference between a store and its backup is named", "[engine][health]") {
  patient t;
  t.m.put(make_license(7));
  edit(*t.m.store, 1, [](license& item) { --*item.state.uses_left; });
  remove(*t.m.store, 2);
  license restricted = make_license(8), managed = make_license(9);
  managed.rights.backup = backup_right::managed;
  restricted.rights.backup = backup_right::denied;
  t.m.put(restricted);
  t.m.put(managed);
  edit(*t.m.store, 4, [](license& item) { item.rights.backup = backup_right::denied; });
  findings expected{{id_of(1), errc::changed_since_backup}, {id_of(2), errc::only_in_backup},
                    {id_of(4), errc::backup_right_absent},  // backing up now would not help
                    {id_of(7), errc::not_backed_up},        {id_of(8), errc::backup_right_absent},
                    {id_of(9), errc::service_required}};
  CHECK(t.health() == expected);
  t.kept.damaged = {id_of(3), id_of(7)};
  CHECK(t.health() == expected);  // which is not looked for
  expected[id_of(3)] = expected[id_of(7)] = errc::license_damaged;
  CHECK(t.health({.open_payloads = true}) == expected);
  // An update makes it right, as far as it may.
  t.kept.damaged.clear();
  REQUIRE(!ask(t.m, t.stick, backup_options{.flags = backup_flags::update}).error);
  CHECK(t.health() == findings{{id_of(4), errc::backup_right_absent},
                               {id_of(8), errc::backup_right_absent},
                               {id_of(9), errc::service_required}});
}

TEST_CASE("payloads are opened where that is asked for", "[engine][health]") {
  patient t;
  t.kept.payloads = 0;
  CHECK(t.health({.open_payloads = true}).empty());
  CHECK(t.kept.payloads == 6);
}

TEST_CASE("a look at the health ends with what is wrong with the store or the backup", "[engine][health]") {
  patient t;
  CHECK(ask(t.m, std::make_shared<memory_files>(), health_options{}).error == errc::no_backup);
  const auto files = copy_of(t.stick);
  files->at("000001/index.age").back() ^= std::byte{1};
  const ended outcome = ask(t.m, files, health_options{});
  CHECK(outcome.error == errc::backup_damaged);
  CHECK(outcome.report.file == "000001/index.age");
  for (const store_call call : {store_call::describe, store_call::open_cursor, store_call::next}) {
    t.m.store = std::make_shared<hooked_store>(t.kept.inner, [call](store_call now) -> error_code {
      return now == call ? error_code(errc::store_failed) : error_code();
    });
    CHECK(ask(t.m, t.stick, health_options{}).error == errc::store_failed);
  }
}

TEST_CASE("a look at the health names every damaged generation if none is whole", "[engine][health]") {
  patient t;
  const auto files = copy_of(t.stick);
  files->at("000001/manifest").resize(40);
  const ended outcome = ask(t.m, files, health_options{});
  CHECK(outcome.error == errc::manifest_damaged);
  REQUIRE(outcome.report.damage.size() == 1);
  CHECK(outcome.report.damage.front().file == "000001/manifest");
}

TEST_CASE("a repair puts back exactly what cannot be opened", "[engine][health][repair]") {
  patient t;
  t.m.put(make_license(7));
  t.kept.damaged = {id_of(1), id_of(4), id_of(7)};
  const auto before = contents(*t.kept.inner);
  CHECK(ask(t.m, t.stick, restore_options{}).report.licenses_kept == 6);
  CHECK(t.kept.damaged.size() == 3);

  const ended planned = plan(t.m, t.stick, restore_options{.repair = true});
  REQUIRE(!planned.error);
  CHECK(planned.report.plan->replaced == 2);
  CHECK(t.kept.damaged.size() == 3);
  const ended repaired = ask(t.m, t.stick, restore_options{.repair = true, .plan = planned.report.plan});
  REQUIRE(!repaired.error);
  CHECK(repaired.report.licenses_done == 2);
  CHECK(repaired.report.licenses_kept == 4);
  CHECK(t.kept.damaged == std::set<license_id>{id_of(7)});  // no backup has it
  const auto after = contents(*t.kept.inner);
  CHECK(std::equal(before.begin(), before.end(), after.begin(), after.end(),
                   [](auto& x, auto& y) { return same(x.second, y.second); }));
}

TEST_CASE("a repair gives no use back, and the next update sees what it made", "[engine][health][repair]") {
  patient t;
  edit(*t.m.store, 1, [](license& item) { item.state.uses_left = 4; });  // further along than the backup
  t.m.put(with_uses(make_license(2), 10, 9));                            // newer, and not further
  t.m.put(with_uses(make_license(3), 20, 3));                            // as no player leaves it
  t.kept.damaged = {id_of(1), id_of(2), id_of(3)};
  REQUIRE(!ask(t.m, t.stick, restore_options{.repair = true}).error);
  CHECK(t.m.store->find(id_of(1))->state.uses_left == 4u);
  CHECK(t.m.store->find(id_of(2))->state.uses_left == 10u);
  CHECK(t.m.store->find(id_of(3))->state.uses_left == 10u);
  CHECK(t.health({.open_payloads = true}) == findings{{id_of(1), errc::changed_since_backup}});
  const ended update = ask(t.m, t.stick, backup_options{.flags = backup_flags::update});
  REQUIRE(!update.error);
  CHECK(update.report.licenses_done == 1);
  machine other;
  REQUIRE(!other.restore(t.stick).error);
  CHECK(other.store->find(id_of(1))->state.uses_left == 4u);
}

TEST_CASE("a repair that cannot tell whether a license can be opened ends, and leaves the store as it was",
          "[engine][health][repair]") {
  patient t;
  edit(*t.m.store, 0, [](license&) {});
  t.m.store = std::make_shared<hooked_store>(t.kept.inner, [](store_call now) -> error_code {
    return now == store_call::find ? error_code(errc::store_failed) : error_code();
  });
  CHECK(ask(t.m, t.stick, restore_options{.repair = true}).error == errc::store_failed);
  CHECK(!ask(t.m, t.stick, restore_options{}).error);
}

TEST_CASE("a restore that merges states makes a revision that the next update carries", "[engine][restore]") {
  patient t;
  edit(*t.m.store, 1, [](license& item) { item.state.uses_left = 9; });
  REQUIRE(!ask(t.m, t.stick, backup_options{.flags = backup_flags::update}).error);
  machine b;
  individualized(b);
  b.put(with_uses(make_license(1), 2, 1));  // older, and used up further
  b.put(with_uses(make_license(2), 50, 1));
  REQUIRE(!ask(b, t.stick, restore_options{}).error);
  CHECK(b.store->find(id_of(1))->state.uses_left == 2u);
  CHECK(b.store->find(id_of(1))->revision == 5);
  CHECK(b.store->find(id_of(2))->state.uses_left == 10u);
  CHECK(b.store->find(id_of(2))->revision == 3);

  // The machine that made the backup gets it back from there, and says so with its next update.
  const auto back = std::make_shared<memory_files>();
  REQUIRE(!b.backup(back).error);
  REQUIRE(!ask(t.m, back, restore_options{}).error);
  const ended update = ask(t.m, t.stick, backup_options{.flags = backup_flags::update});
  REQUIRE(!update.error);
  CHECK(update.report.licenses_done == 1);
  machine c;
  REQUIRE(!c.restore(t.stick).error);
  CHECK(c.store->find(id_of(1))->state.uses_left == 2u);
}
