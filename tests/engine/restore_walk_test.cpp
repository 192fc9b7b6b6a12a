// SPDX-License-Identifier: BSL-1.0
#include "asked.hpp"
#include "catch.hpp"

#include "engine/restore/restore_walk.hpp"

#include <map>

using namespace reinstate;
using namespace reinstate::test;
using engine::restore_effect;

// What a restore decides about each license, without carrying any of it out.

namespace {

// A backup of licenses 1 to 4, open for a walk by the machine that made it.
struct open_backup {
  machine owner;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  backup_restorer_config config;
  operation_report report;
  std::optional<engine::backup_source> source;
  std::optional<engine::issuer_check> issuers;

  open_backup() {
    individualized(owner);
    for (unsigned number = 1; number != 5; ++number) {
      license item = make_license(number);
      item.revision = 5;
      owner.put(item);
    }
    REQUIRE(!owner.backup(stick).error);
    config = owner.config_with([this](const std::string&) { return make_memory_medium(stick); });
  }

  engine::restore_walk walk(const restore_options& options = {}) {
    source.emplace(config, options.salvage ? engine::tolerance::salvage : engine::tolerance::none);
    issuers.emplace(config);
    REQUIRE(source->open("stick").has_value());
    REQUIRE(source->find(options.generation, report).has_value());
    REQUIRE(source->unlock(report).has_value());
    engine::restore_walk out(config, *source, options, *issuers);
    REQUIRE(out.open(report.damage).has_value());
    return out;
  }
};

// Every decision of a walk, by license.
std::map<license_id, engine::restore_decision> decisions(engine::restore_walk& walk,
                                                         const engine::version_lookup& lookup) {
  while (walk.is_preparing()) REQUIRE(walk.prepare_some().has_value());
  std::map<license_id, engine::restore_decision> out;
  for (;;) {
    const auto decision = walk.next(lookup);
    REQUIRE(decision.has_value());
    if (!*decision) return out;
    out.emplace((*decision)->license.id, **decision);
  }
}

}  // namespace

TEST_CASE("a restore decides by the revision that the store has", "[engine][restore]") {
  open_backup t;
  auto walk = t.walk();
  const std::map<license_id, std::uint64_t> present{{id_of(1), 4}, {id_of(2), 5}, {id_of(3), 6}};
  const auto all = decisions(walk, [&](const license_id& id) -> engine::result<std::optional<license_version>> {
    const auto found = present.find(id);
    if (found == present.end()) return std::optional<license_version>();
    return std::optional(license_version{found->second, {}});
  });
  REQUIRE(all.size() == 4);
  CHECK(all.at(id_of(1)).planned == planned_action::renew);
  CHECK(all.at(id_of(1)).effect == restore_effect::stored);
  CHECK(all.at(id_of(1)).present->revision == 4);
  CHECK(all.at(id_of(2)).planned == planned_action::keep);
  CHECK(all.at(id_of(2)).effect == restore_effect::kept);
  CHECK(all.at(id_of(3)).effect == restore_effect::kept);
  CHECK(all.at(id_of(4)).planned == planned_action::take);
  CHECK(all.at(id_of(4)).effect == restore_effect::stored);
  CHECK_FALSE(all.at(id_of(4)).present);
  CHECK(walk.licenses_seen() == 4);
}

TEST_CASE("a restore ignores what a selection does not name, and does not ask the store about it",
          "[engine][restore]") {
  open_backup t;
  auto walk = t.walk({.selection = {.licenses = {id_of(2)}}});
  std::vector<license_id> asked;
  const auto all = decisions(walk, [&](const license_id& id) -> engine::result<std::optional<license_version>> {
    asked.push_back(id);
    return std::optional<license_version>();
  });
  CHECK(asked == std::vector{id_of(2)});
  CHECK(all.at(id_of(1)).effect == restore_effect::ignored);
  CHECK(all.at(id_of(2)).effect == restore_effect::stored);
}

TEST_CASE("a walk that only decides leaves the store as it is", "[engine][restore]") {
  open_backup t;
  auto walk = t.walk({.repair = true});
  const auto before = contents(*t.owner.store);
  const auto all = decisions(walk, engine::cursor_lookup(t.owner.store->open_cursor().value()));
  for (const auto& [id, decision] : all) CHECK(decision.effect == restore_effect::kept);
  const auto after = contents(*t.owner.store);
  CHECK(std::ranges::equal(before, after, [](auto& x, auto& y) { return same(x.second, y.second); }));
}

TEST_CASE("an error of a walk names the file it is about", "[engine][restore]") {
  open_backup t;
  t.stick->at("000001/licenses-001.age").back() ^= std::byte{1};
  auto walk = t.walk();
  const auto decision = walk.next(engine::empty_store_lookup());
  REQUIRE_FALSE(decision.has_value());
  CHECK(decision.error().code == errc::backup_damaged);
  CHECK(decision.error().file == "000001/licenses-001.age");
}

TEST_CASE("a lookup by a cursor finds every license that the store has, asked in order", "[engine][restore]") {
  machine owner;
  for (const unsigned number : {2u, 4u}) owner.put(make_license(number));
  const auto lookup = engine::cursor_lookup(owner.store->open_cursor().value());
  for (unsigned number = 1; number != 6; ++number) {
    const auto found = lookup(id_of(number));
    REQUIRE(found.has_value());
    CHECK(found->has_value() == (number == 2 || number == 4));
    CHECK(lookup(id_of(number))->has_value() == found->has_value());
  }
}
