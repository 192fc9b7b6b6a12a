// SPDX-License-Identifier: BSL-1.0
#include "desk_fixture.hpp"

#include <algorithm>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

// Four machines have one license of the owner; a fifth is refused.
struct crowded_fixture : desk_fixture {
  issued_license license = desk_fixture::license(1);
  std::vector<player> others = others_with(license, 3);
  player fifth;

  result<release_receipt> release(const player& by, const player& of) const {
    return desk()->release(by.caller(), proof(owner_action::release, by, of.id()));
  }
  std::string page_for(const restore_request& asked) const {
    const auto answer = desk()->decide(fifth.caller(), asked).value();
    REQUIRE(answer.licenses[0].refused == errc::machine_limit_reached);
    return answer.help_url;
  }
};

// Somebody who has another backup set.
backup_owner stranger() {
  return backup_owner(seed_of(0x44));
}

}  // namespace

TEST_CASE("who proves to be the owner sees his machines", "[desk]") {
  desk_fixture in;
  auto named = in.request(in.license(1));
  named.machine_name = "Kitchen";
  const player kitchen;
  REQUIRE_FALSE(in.ask(kitchen, in.owned(named, kitchen)).refused);
  in.time += 1h;
  REQUIRE_FALSE(in.ask(kitchen, in.owned(in.request(in.license(2)), kitchen)).refused);

  const auto list = in.desk()->machines(kitchen.caller(), in.proof(owner_action::list_machines, kitchen)).value();
  CHECK(list.limit == 4);
  REQUIRE(list.machines.size() == 2);
  const auto of = [&](const player& one) { return *std::ranges::find(list.machines, one.id(), &managed_machine::id); };
  CHECK(of(kitchen) == managed_machine{kitchen.id(), "Kitchen", noon, noon + 1h, 2, std::nullopt});
  CHECK(of(in.first).licenses == 2);
}

TEST_CASE("machines are listed in order of their first restore", "[desk]") {
  desk_fixture in;
  std::vector<machine_id> expected;
  for (int i = 0; i != 4; ++i) {
    const player next;
    expected.push_back(next.id());
    REQUIRE_FALSE(in.ask(next, in.owned(in.request(in.license(static_cast<std::uint8_t>(i))), next)).refused);
    in.time += 1h;
  }
  std::vector<machine_id> found;
  const auto list = in.desk()->machines_of(in.owner.recipient()).value();
  for (const auto& machine : list.machines)
    if (machine.id != in.first.id()) found.push_back(machine.id);
  CHECK(found == expected);
}

TEST_CASE("an owner without licenses has no machines", "[desk]") {
  const desk_fixture in;
  const auto list = in.desk()->machines(in.first.caller(), in.proof(owner_action::list_machines, in.first)).value();
  CHECK(list.machines.empty());
  CHECK(list.limit == 0);
}

TEST_CASE("the lowest limit of an owner's licenses is told", "[desk]") {
  const desk_fixture in;
  auto rights = in.rights_of(2);
  rights.machines = 2;
  REQUIRE_FALSE(in.ask(in.first, in.owned(in.request(in.license(1)), in.first)).refused);
  REQUIRE_FALSE(in.ask(in.first, in.owned(in.request(in.issue(rights)), in.first)).refused);
  CHECK(in.desk()->machines_of(in.owner.recipient())->limit == 2);
}

TEST_CASE("a proof that is wrong in any way proves nothing", "[desk]") {
  const crowded_fixture in;
  const player& by = in.fifth;
  auto proof = in.proof(owner_action::list_machines, by);
  auto caller = by.caller();
  SECTION("its code is changed") {
    proof.mac[7] ^= std::byte{1};
  }
  SECTION("it names another owner") {
    proof.recipient = stranger().recipient();
  }
  SECTION("it is for something else") {
    proof = in.proof(owner_action::restore, by);
  }
  SECTION("it says to be for this") {
    proof = in.proof(owner_action::restore, by);
    proof.action = owner_action::list_machines;
  }
  SECTION("another machine shows it") {
    caller = in.first.caller();
  }
  SECTION("it is for another service") {
    proof =
        in.owner.prove(owner_action::list_machines, service_keys::generate().public_key(), by.id(), {}, noon).value();
  }
  CHECK(in.desk()->machines(caller, proof).error() == errc::ownership_not_proven);
}

TEST_CASE("a proof must be fresh to list machines", "[desk]") {
  crowded_fixture in;
  const auto proof = in.proof(owner_action::list_machines, in.fifth);
  const auto error = [&] { return in.desk()->machines(in.fifth.caller(), proof).error(); };
  in.time = noon + 5min;
  CHECK_FALSE(error());
  in.time = noon - 5min;
  CHECK_FALSE(error());
  in.time = noon + 5min + 1s;
  CHECK(error() == errc::service_clock_differs);
  in.time = noon - 5min - 1s;
  CHECK(error() == errc::service_clock_differs);
}

TEST_CASE("a released machine makes room for another", "[desk]") {
  const crowded_fixture in;
  CHECK(in.ask(in.fifth, in.license).refused == errc::machine_limit_reached);
  const auto receipt = in.release(in.fifth, in.others[0]);
  REQUIRE(receipt.has_value());
  CHECK(receipt->licenses == 1);
  CHECK(receipt->next_release == noon + in.policy.release_cool_down);
  CHECK_FALSE(in.ask(in.fifth, in.license).refused);
  CHECK(in.ask(in.others[0], in.license).refused == errc::machine_limit_reached);
}

TEST_CASE("the same order again gets the same answer and releases nothing", "[desk]") {
  crowded_fixture in;
  const auto order = in.proof(owner_action::release, in.fifth, in.others[0].id());
  const auto once = in.desk()->release(in.fifth.caller(), order).value();
  REQUIRE_FALSE(in.ask(in.others[0], in.license).refused);
  in.time += 24h * 20;
  const auto again = in.desk()->release(in.fifth.caller(), order).value();
  CHECK(again.licenses == once.licenses);
  CHECK(again.next_release == once.next_release);
  CHECK(in.desk()->machines_of(in.owner.recipient())->machines.size() == 4);
}

TEST_CASE("an order that left a license without machines gets the same answer again", "[desk]") {
  const desk_fixture in;
  REQUIRE_FALSE(in.ask(in.first, in.owned(in.request(in.license(1)), in.first)).refused);
  const auto order = in.proof(owner_action::release, in.first, in.first.id());
  CHECK(in.desk()->release(in.first.caller(), order)->licenses == 1);
  CHECK(in.desk()->machines_of(in.owner.recipient())->machines.empty());
  CHECK(in.desk()->release(in.first.caller(), order)->licenses == 1);
}

TEST_CASE("two releases are a cool-down apart", "[desk]") {
  crowded_fixture in;
  REQUIRE(in.release(in.fifth, in.others[0]).has_value());
  CHECK(in.release(in.fifth, in.others[1]).error() == errc::release_too_soon);
  const auto list = in.desk()->machines_of(in.owner.recipient()).value();
  for (const auto& machine : list.machines) CHECK(machine.releasable_from == noon + in.policy.release_cool_down);
  in.time = noon + in.policy.release_cool_down;
  CHECK_FALSE(in.desk()->machines_of(in.owner.recipient())->machines[0].releasable_from);
  CHECK(in.release(in.fifth, in.others[1]).has_value());
}

TEST_CASE("a machine is released from all of the owner's licenses or from none", "[desk]") {
  const crowded_fixture in;
  REQUIRE_FALSE(in.ask(in.others[1], in.owned(in.request(in.desk_fixture::license(2)), in.others[1])).refused);
  REQUIRE(in.release(in.fifth, in.others[0]).has_value());  // has the first license only
  CHECK(in.release(in.fifth, in.others[1]).error() == errc::release_too_soon);
  const auto list = in.desk()->machines_of(in.owner.recipient()).value();
  CHECK(std::ranges::find(list.machines, in.others[1].id(), &managed_machine::id)->licenses == 2);
}

TEST_CASE("only an owner releases and only his machines", "[desk]") {
  const crowded_fixture in;
  CHECK(in.release(in.fifth, player()).error() == errc::machine_not_found);
  const auto theirs =
      stranger().prove(owner_action::release, in.keys->public_key(), in.fifth.id(), in.others[0].id(), noon).value();
  CHECK(in.desk()->release(in.fifth.caller(), theirs).error() == errc::machine_not_found);
  auto order = in.proof(owner_action::release, in.fifth, in.others[0].id());
  CHECK(in.desk()->release(in.first.caller(), order).error() == errc::ownership_not_proven);
  order.target = in.others[1].id();
  CHECK(in.desk()->release(in.fifth.caller(), order).error() == errc::ownership_not_proven);
}

TEST_CASE("an order may have waited for thirty days", "[desk]") {
  crowded_fixture in;
  const auto order = in.proof(owner_action::release, in.fifth, in.others[0].id());
  in.time = noon - 6min;
  CHECK(in.desk()->release(in.fifth.caller(), order).error() == errc::service_clock_differs);
  in.time = noon + in.policy.order_lifetime + 1s;
  CHECK(in.desk()->release(in.fifth.caller(), order).error() == errc::ownership_not_proven);
  in.time = noon + in.policy.order_lifetime;
  CHECK(in.desk()->release(in.fifth.caller(), order).has_value());
}

TEST_CASE("at the limit the owner gets a link that permits a release", "[desk][C97]") {
  crowded_fixture in;
  const auto asked = in.request(in.license);
  CHECK(in.page_for(asked) == in.page);

  const std::string link = in.page_for(in.owned(asked, in.fifth));
  REQUIRE(link.starts_with(in.page + "?ticket="));
  const std::string ticket = link.substr(link.find('=') + 1);
  CHECK(in.desk()->read_ticket(ticket).value() == in.owner.recipient());
  const std::array<std::byte, 16> order{std::byte{1}};
  CHECK(in.desk()->release_for(in.owner.recipient(), in.others[0].id(), order)->licenses == 1);
  CHECK(in.desk()->release_for(in.owner.recipient(), in.others[0].id(), order)->licenses == 1);

  const auto granted = in.desk()->decide(in.fifth.caller(), in.owned(asked, in.fifth)).value();
  CHECK(granted.help_url.empty());
}

TEST_CASE("a proof that does not count gives no link that permits anything", "[desk]") {
  const crowded_fixture in;
  auto asked = in.owned(in.request(in.license), in.fifth);
  SECTION("it is of another owner") {
    asked.owner = stranger().prove(owner_action::restore, in.keys->public_key(), in.fifth.id(), {}, noon).value();
  }
  SECTION("it is old") {
    asked.owner =
        in.owner.prove(owner_action::restore, in.keys->public_key(), in.fifth.id(), {}, noon - 5min - 1s).value();
  }
  SECTION("its code is changed") {
    asked.owner->mac[0] ^= std::byte{1};
  }
  SECTION("another machine made it") {
    asked.owner = in.proof(owner_action::restore, in.first);
  }
  SECTION("it is for something else") {
    asked.owner = in.proof(owner_action::list_machines, in.fifth);
  }
  CHECK(in.page_for(asked) == in.page);
}

TEST_CASE("a service without a page names none", "[desk]") {
  crowded_fixture in;
  in.page.clear();
  CHECK(in.page_for(in.owned(in.request(in.license), in.fifth)).empty());
}

TEST_CASE("a ticket is good for a short time and for one service", "[desk]") {
  desk_fixture in;
  const auto desk = in.desk();
  const std::string ticket = desk->make_ticket(in.owner.recipient());
  CHECK(desk->read_ticket(ticket).value() == in.owner.recipient());
  in.time += in.policy.ticket_lifetime - 1s;
  CHECK(desk->read_ticket(ticket).has_value());
  in.time += 1s;
  CHECK(desk->read_ticket(ticket).error() == errc::ownership_not_proven);
  CHECK(desk_fixture().desk()->read_ticket(ticket).error() == errc::ownership_not_proven);
}

TEST_CASE("a ticket with any character changed is refused", "[desk]") {
  const desk_fixture in;
  const auto desk = in.desk();
  const std::string ticket = desk->make_ticket(in.owner.recipient());
  for (std::size_t i = 0; i != ticket.size(); ++i) {
    std::string changed = ticket;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK(desk->read_ticket(changed).error() == errc::ownership_not_proven);
  }
  for (const std::string& wrong : {std::string(), ticket + "A", ticket.substr(1), std::string(ticket.size(), '%')})
    CHECK(desk->read_ticket(wrong).error() == errc::ownership_not_proven);
}

TEST_CASE("a reinstalled machine takes its own place back", "[desk][C100]") {
  crowded_fixture in;
  const player again;
  const auto asked = in.owned(in.request(in.license), again, in.first.id());
  CHECK_FALSE(in.ask(again, asked).refused);
  CHECK(in.desk()->machines_of(in.owner.recipient())->machines.size() == 4);
  CHECK(in.ask(in.first, in.license).refused == errc::machine_limit_reached);
  const auto trail = in.book->records().audit(0, 100).value();
  CHECK(std::ranges::find(trail, "slot_taken_over", &audit_entry::event) != trail.end());
}

TEST_CASE("a place is taken over only with a proof that names the origin", "[desk]") {
  crowded_fixture in;
  const player again;
  auto asked = in.owned(in.request(in.license), again, in.first.id());
  SECTION("it names nobody") {
    asked = in.owned(in.request(in.license), again);
  }
  SECTION("it names another machine") {
    asked = in.owned(in.request(in.license), again, in.others[0].id());
  }
  SECTION("there is none") {
    asked.owner.reset();
  }
  SECTION("the policy forbids it") {
    in.policy.allow_takeover = false;
  }
  SECTION("it is of another owner") {
    asked.owner =
        stranger().prove(owner_action::restore, in.keys->public_key(), again.id(), in.first.id(), noon).value();
  }
  CHECK(in.ask(again, asked).refused == errc::machine_limit_reached);
}

TEST_CASE("places of one license are not taken over without end", "[desk]") {
  crowded_fixture in;
  const auto reinstall = [&](const player& next, const player& former) {
    const managed_backup backup(former, in.keys->public_key(), in.owner.recipient());
    auto asked = in.request(in.license);
    asked.seals = {backup.certificate()};
    return in.ask(next, in.owned(asked, next, former.id())).refused;
  };
  const std::vector<player> selves(3);
  CHECK_FALSE(reinstall(selves[0], in.first));
  CHECK_FALSE(reinstall(selves[1], selves[0]));
  CHECK(reinstall(selves[2], selves[1]) == errc::machine_limit_reached);
  in.time += in.policy.takeover_period;
  CHECK_FALSE(reinstall(selves[2], selves[1]));
}
