// SPDX-License-Identifier: BSL-1.0
#include "testing/ledger_asking.hpp"
#include "testing/license_sample.hpp"

#include <algorithm>
#include <future>
#include <limits>
#include <string>
#include <vector>

namespace reinstate::testing {
namespace {

using namespace ledger_calls;
using namespace std::chrono_literals;

// --- machine slots ---

void check_same_machine(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  const auto first = claim_one(*subject, claim_of(2));
  require(first.decision == claim_result::taken && first.machines == 2,
          "a new machine takes a slot besides the origin's");
  const auto again = claim_one(*subject, claim_of(2), noon + 1h);
  require(again.decision == claim_result::known && again.machines == 2,
          "a repeated claim takes no further slot [C93, C95]");
}

void check_origin(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  const auto first = claim_one(*subject, claim_of(1));
  require(first.decision == claim_result::known && first.machines == 1,
          "the origin has the license before its first claim");
  require(claim_one(*subject, claim_of(2)).machines == 2, "the origin counts as the first machine");
  slot_claim other = claim_of(3);
  other.origin = key_of(9);
  require(claim_one(*subject, other).machines == 3, "another origin of a known license is not counted");
}

void check_limit(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  const auto fifth = claim_one(*subject, claim_of(5));
  require(fifth.decision == claim_result::at_limit && fifth.machines == 4, "the fifth machine gets no slot [C96]");
  for (std::uint8_t number = 1; number <= 4; ++number)
    require(result_of(*subject, claim_of(number)) == claim_result::known,
            "a claim of a known machine succeeds at the limit");
  slot_claim wider = claim_of(5);
  wider.limit = 5;
  require(result_of(*subject, wider) == claim_result::taken, "the limit is that of the claim");
}

void check_limit_of_one(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim claim = claim_of(2);
  claim.limit = 1;
  require(result_of(*subject, claim) == claim_result::at_limit, "with a limit of one only the origin has a slot");
  require(result_of(*subject, claim_of(1)) == claim_result::known, "with a limit of one the origin has the slot");
}

void check_licenses_apart(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  std::vector<slot_claim> claims{claim_of(5), claim_of(5), claim_of(2)};
  claims[1].license = id_of(2);
  const auto out = require_value(subject->claim(claims, noon), "several licenses can be claimed at once");
  require(out.size() == 3 && out[0].decision == claim_result::at_limit && out[1].decision == claim_result::taken &&
              out[2].decision == claim_result::known,
          "each license is decided separately, and outcomes are in order");
  require(require_value(subject->claim({}, noon), "an empty list can be claimed").empty(),
          "an empty list of claims has no outcomes");
}

void check_one_wins(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 3);
  std::promise<void> start;
  const std::shared_future<void> started = start.get_future().share();
  std::vector<std::future<result<std::vector<claim_outcome>>>> futures;
  for (std::uint8_t number = 10; number != 20; ++number)
    futures.push_back(std::async(std::launch::async, [&subject, started, number] {
      const slot_claim claim = claim_of(number);
      started.wait();
      return subject->claim({&claim, 1}, noon);
    }));
  start.set_value();
  int taken = 0, refused = 0;
  for (auto& future : futures) {
    const auto out = require_value(future.get(), "ten threads can claim at once").front();
    require(out.machines == 4, "each of ten claims sees four machines");
    (out.decision == claim_result::taken ? taken : refused) += 1;
  }
  require(taken == 1 && refused == 9, "exactly one of ten claims for the last slot gets it");
}

void check_daily(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  const auto claim = [](std::uint8_t number) {
    slot_claim out = claim_of(number);
    out.limit = 100;
    out.daily = 2;
    return out;
  };
  require(result_of(*subject, claim(2)) == claim_result::taken, "the first new machine of a day gets a slot");
  require(result_of(*subject, claim(3), noon + 1h) == claim_result::taken,
          "the second new machine of a day gets a slot");
  require(result_of(*subject, claim(4), noon + 2h) == claim_result::daily_limit,
          "the third new machine of a day gets no slot [C103]");
  require(result_of(*subject, claim(3), noon + 2h) == claim_result::known,
          "a claim of a known machine succeeds at the daily limit");
  require(result_of(*subject, claim(4), noon + 24h - 1s) == claim_result::daily_limit, "a day has 24 hours");
  require(result_of(*subject, claim(4), noon + 24h) == claim_result::taken,
          "a slot that is a day old no longer counts");
  require(result_of(*subject, claim(5), noon + 24h) == claim_result::daily_limit,
          "a slot that is not yet a day old still counts");
}

// --- use of a license ---

void check_state(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim claim = claim_of(2);
  claim.state = state_of(5, noon);
  require(claim_one(*subject, claim).state == state_of(5, noon), "a state is kept");
  claim.state = state_of(9, noon + 1h);
  require(claim_one(*subject, claim).state == state_of(5, noon),
          "uses never increase, first use never becomes later [C131, C137]");
  claim.machine = key_of(3);
  claim.state = state_of(4, noon - 1h);
  require(claim_one(*subject, claim).state == state_of(4, noon - 1h),
          "any machine with the license can lower the state [C132]");
  require(claim_one(*subject, claim_of(2)).state == state_of(4, noon - 1h), "an empty state changes nothing");
  claim.state = state_of(std::numeric_limits<std::uint64_t>::max());
  require(claim_one(*subject, claim).state == state_of(4, noon - 1h), "the highest count changes nothing");
}

void check_large_count(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim claim = claim_of(2);
  claim.state = state_of(std::numeric_limits<std::uint64_t>::max(), instant{-1s});
  require(claim_one(*subject, claim).state == claim.state, "the highest count and a time before 1970 are kept");
  require(claim_one(*subject, claim_of(2)).state == claim.state, "a later claim returns the kept state");
  claim.state = state_of(0);
  require(claim_one(*subject, claim).state == state_of(0, instant{-1s}), "a count of zero is kept");
}

void check_state_at_limit(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  slot_claim has = claim_of(2), refused = claim_of(5), today = claim_of(5);
  has.state = state_of(3, noon);
  claim_one(*subject, has);
  refused.state = today.state = state_of(0, noon - 1h);
  refused.limit = 2;
  require(claim_one(*subject, refused).state == has.state, "a refused claim changes no state");
  require(slots_of(*subject, 50).front().limit == 4, "a refused claim changes no limit");
  slot_claim sixth = claim_of(6);
  today.limit = sixth.limit = 6;
  today.daily = sixth.daily = 1;
  require(result_of(*subject, sixth) == claim_result::taken, "the daily limit permits one more machine");
  const auto out = claim_one(*subject, today);
  require(out.decision == claim_result::daily_limit && out.state == has.state,
          "a claim refused by the daily limit changes no state");
  require(claim_one(*subject, claim_of(2)).state == has.state, "no state of a refused claim is kept");
}

void check_state_of_unknown(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim claim = owned_claim(2, 50);
  claim.limit = 1;
  claim.state = state_of(0);
  require(result_of(*subject, claim) == claim_result::at_limit, "an unknown machine is refused at the limit");
  require(claim_one(*subject, claim_of(1)).state == license_state{},
          "the refused claim does not lower the origin's uses");
  require(slots_of(*subject, 50).front().limit == 4, "the limit is that of the origin's claim");
}

void check_state_of_new_slot(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  const auto left = [](slot_claim claim, std::uint64_t uses) {
    claim.state = state_of(uses);
    return claim;
  };
  require(claim_one(*subject, left(claim_of(2), 9)).state == state_of(9),
          "the state of a claim that takes a slot counts");
  require(claim_one(*subject, left(claim_of(2), 8)).state == state_of(8), "the state of a known machine counts");
  require(claim_one(*subject, left(take_over(3), 7)).state == state_of(7), "the state of a takeover counts");
}

void check_report(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  report_use(*subject, 2, state_of(1));
  slot_claim claim = claim_of(2);
  claim.state = state_of(9);
  require(claim_one(*subject, claim).state == state_of(9), "a use of an unknown license does not count");
  report_use(*subject, 2, state_of(7));
  require(claim_one(*subject, claim).state == state_of(7), "a use by a machine that has the license counts");
  report_use(*subject, 2, state_of(8));
  require(claim_one(*subject, claim).state == state_of(7), "a use never raises a count");
  report_use(*subject, 3, state_of(2));
  require(claim_one(*subject, claim).state == state_of(7), "a use by a machine without the license does not count");
}

// --- releases ---

void check_release(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  const auto out = release(*subject, release_of(2, 1));
  require(out.decision == release_result::released && out.next_release == noon + week, "a machine can be released");
  require(result_of(*subject, claim_of(5)) == claim_result::taken, "the slot of a released machine is free");
  require(result_of(*subject, claim_of(2)) == claim_result::at_limit, "a released machine is treated like any other");
}

void check_origin_released(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 2);
  require(release(*subject, release_of(1, 1)).decision == release_result::released, "the origin can be released");
  const auto next = claim_one(*subject, claim_of(3));
  require(next.decision == claim_result::taken && next.machines == 2,
          "a released origin is not counted again by the next claim");
  require(result_of(*subject, claim_of(1)) == claim_result::taken, "a claim of the released origin takes a slot");
}

void check_same_order(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  release(*subject, release_of(2, 1));
  require(result_of(*subject, claim_of(2)) == claim_result::taken, "a released machine may come back");
  const auto again = release(*subject, release_of(2, 1), noon + 2 * week);
  require(again.decision == release_result::already_released, "the same order again changes nothing");
  require(again.next_release == noon + week, "the same order again gets the first answer");
  require(result_of(*subject, claim_of(2)) == claim_result::known, "the machine keeps its slot");
}

void check_cool_down(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  release(*subject, release_of(2, 1));
  const auto soon = release(*subject, release_of(3, 2), noon + week - 1s);
  require(soon.decision == release_result::too_soon && soon.next_release == noon + week, "a release can be too soon");
  require(result_of(*subject, claim_of(3)) == claim_result::known, "a release that is too soon changes nothing");
  require(release(*subject, release_of(3, 2), noon + week).decision == release_result::released,
          "the same order succeeds later");
}

void check_operator(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  release(*subject, release_of(2, 1));
  slot_release order = release_of(3, 2);
  order.cool_down = 0s;
  order.by_operator = true;
  require(release(*subject, order).decision == release_result::released, "an operator need not wait");
  require(audit_trail(*subject).back() == "released_by_operator", "the audit trail names the operator");
}

void check_release_of_missing_slot(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  require(release(*subject, release_of(2, 1)).decision == release_result::not_there,
          "an unknown license cannot be released");
  fill_slots(*subject, 2);
  require(release(*subject, release_of(3, 1)).decision == release_result::not_there,
          "a machine without a slot cannot be released");
  require(release(*subject, release_of(2, 1)).decision == release_result::released,
          "an order that found no slot can be carried out later");
}

// --- takeovers ---

void check_takeover(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  const auto out = claim_one(*subject, take_over(5));
  require(out.decision == claim_result::taken_over && out.machines == 4,
          "the origin's slot can be taken over at the limit");
  require(result_of(*subject, claim_of(5)) == claim_result::known, "the machine that took the slot over has it");
  require(result_of(*subject, claim_of(1)) == claim_result::at_limit,
          "after a takeover the origin no longer has the slot");
  require(result_of(*subject, take_over(5)) == claim_result::known, "taking the slot over again changes nothing");
}

void check_takeover_first(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  const auto out = claim_one(*subject, take_over(2));
  require(out.decision == claim_result::taken_over && out.machines == 1,
          "the first claim of a license can take over the origin's slot");
}

void check_takeover_rate(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  const auto from = [](std::uint8_t number, std::uint8_t origin) {
    slot_claim out = take_over(number);
    out.origin = key_of(origin);
    return out;
  };
  require(result_of(*subject, from(5, 1)) == claim_result::taken_over, "one takeover is permitted");
  require(result_of(*subject, from(6, 5), noon + week - 1s) == claim_result::at_limit,
          "a second takeover in the period is refused");
  require(result_of(*subject, from(6, 5), noon + week) == claim_result::taken_over,
          "a second takeover after the period is permitted");
  slot_claim generous = from(7, 6);
  generous.max_takeovers = 2;
  require(result_of(*subject, generous, noon + week) == claim_result::taken_over,
          "the claim sets the number of takeovers");
}

void check_takeover_without_slot(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  release(*subject, release_of(1, 1));
  require(result_of(*subject, take_over(5)) == claim_result::taken,
          "a takeover without a slot to take over takes a free one");
  slot_claim unserved = take_over(6);
  require(result_of(*subject, unserved) == claim_result::at_limit, "a takeover without any free slot is refused");
  unserved.limit = 5;
  unserved.max_takeovers = 0;
  require(result_of(*subject, unserved) == claim_result::taken,
          "a takeover that is not permitted takes a slot of its own");
}

// --- owners ---

void check_owner(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  require(slots_of(*subject, 50).empty(), "an unknown owner has no slots");
  claim_one(*subject, claim_of(2));
  require(slots_of(*subject, 50).empty(), "a claim without proof makes no owner");
  claim_one(*subject, owned_claim(2, 50));
  require(slots_of(*subject, 50).size() == 2, "the first claim with proof makes an owner");

  slot_claim stranger = owned_claim(3, 60);
  stranger.origin = key_of(9);
  claim_one(*subject, stranger);
  require(slots_of(*subject, 60).empty(),
          "a claim for a backup of a machine that never had the license makes no owner");
  slot_claim second = owned_claim(2, 70);
  second.origin = key_of(2);
  claim_one(*subject, second);
  require(slots_of(*subject, 70).size() == 3 && slots_of(*subject, 50).size() == 3,
          "a claim for a backup of a machine that had the license adds an owner");
}

void check_owner_at_limit(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim claim = owned_claim(2, 50);
  claim.limit = 1;
  require(result_of(*subject, claim) == claim_result::at_limit, "the limit is reached");
  require(slots_of(*subject, 50).size() == 1,
          "a claim refused at the limit still makes an owner, who can then release a machine");
}

void check_slots(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  slot_claim named = owned_claim(3, 50);
  named.machine_name = "Kitchen \xc3\xa9";
  claim_one(*subject, named);
  named.license = id_of(0);
  named.limit = 7;
  claim_one(*subject, named, noon + 1h);
  claim_one(*subject, owned_claim(3, 50), noon + 2h);
  const auto all = slots_of(*subject, 50);
  require(all.size() == 4, "every slot is listed");
  const auto order = [](const owned_slot& slot) { return std::pair(slot.license, slot.machine); };
  require(std::ranges::is_sorted(all, {}, order), "slots are in order of license and machine");
  const owned_slot& last = all.back();
  require(last.license == id_of(1) && last.machine == key_of(3),
          "the last slot is that of the last license and machine");
  require(last.machine_name == named.machine_name, "the machine name is kept if a later claim has none");
  require(last.first == noon && last.last == noon + 2h, "a slot has the times of its first and last claim");
  require(last.limit == 4 && all.front().limit == 7, "a slot has the limit of its license");
  require(!last.last_release && !last.released_by, "a slot that was not released has no release");
}

void check_released_slots(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 3);
  release(*subject, release_of(2, 7));
  const auto all = slots_of(*subject, 50);
  require(all.size() == 3 && all[1].machine == key_of(2), "a released slot is still listed");
  require(all[1].released_by == release_of(2, 7).order, "a released slot has the order that released it");
  require(all[0].last_release == noon, "slots have the time of the last release of their license");
  claim_one(*subject, owned_claim(2, 50));
  const auto back = slots_of(*subject, 50);
  require(back.size() == 4 && !back[1].released_by && back[2].released_by,
          "a slot taken again is listed besides the released one");
}

// --- audit trail and records ---

void check_trail(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  require(audit_trail(*subject).empty(), "a new ledger has an empty audit trail");
  fill_slots(*subject, 4);
  claim_one(*subject, claim_of(4));
  claim_one(*subject, claim_of(5));
  release(*subject, release_of(2, 1));
  release(*subject, release_of(2, 1));
  const std::vector<std::string> expected{"owner_added", "origin_counted", "slot_taken", "slot_taken",
                                          "slot_taken",  "limit_reached",  "released"};
  require(audit_trail(*subject) == expected, "every change of a slot is in the audit trail once, in order");
  const auto lines = require_value(subject->records().audit(6, 10), "the audit trail can be read from any number");
  require(lines.size() == 1 && lines[0].number == 7 && lines[0].time == noon,
          "an entry has an ascending number and a time");
  require(lines[0].license == id_of(1) && lines[0].machine == key_of(2), "an entry has its license and machine");
  require(audit_trail(*subject, 2, 2) == std::vector<std::string>(expected.begin() + 2, expected.begin() + 4),
          "at most the requested number of entries is returned");
  require(audit_trail(*subject, 7).empty() && audit_trail(*subject, std::numeric_limits<std::uint64_t>::max()).empty(),
          "there are no entries after the end");
  require(audit_trail(*subject, 0, std::numeric_limits<std::size_t>::max()).size() == 7, "any count may be requested");
}

void check_refusals(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  fill_slots(*subject, 4);
  const auto lines = audit_trail(*subject).size();
  for (std::uint8_t number = 10; number != 20; ++number) claim_one(*subject, claim_of(number), noon + 1h - 1s);
  require(audit_trail(*subject).size() == lines + 1, "repeated refusals do not fill the audit trail");
  claim_one(*subject, claim_of(10), noon + 2h - 2s);
  require(audit_trail(*subject).size() == lines + 1, "a refusal is recorded at most once an hour");
  claim_one(*subject, claim_of(10), noon + 2h - 1s);
  require(audit_trail(*subject).size() == lines + 2 && audit_trail(*subject).back() == "limit_reached",
          "a refusal is recorded again after an hour");
  claim_one(*subject, claim_of(10), noon);
  require(audit_trail(*subject).size() == lines + 3, "a refusal is recorded after the clock was set back");
}

void check_issuers(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  service_records& records = subject->records();
  require(require_value(records.issuers(), "issuers can be listed").empty(), "a new ledger knows no issuer");
  require_value(records.put_issuer({"One", key_of(1)}), "an issuer can be put");
  require_value(records.put_issuer({"Two", key_of(2)}), "a second issuer can be put");
  require_value(records.put_issuer({"Uno", key_of(1)}), "the first issuer can be put again");
  auto known = require_value(records.issuers(), "issuers can be listed");
  std::ranges::sort(known, {}, &trusted_issuer::name);
  require(known == std::vector<trusted_issuer>{{"Two", key_of(2)}, {"Uno", key_of(1)}},
          "the last name given for a key is kept");
}

void check_revocations(const ledger_factory& make) {
  const auto subject = make_ledger(make);
  service_records& records = subject->records();
  const bytes one = patterned_bytes(100, 1), two = patterned_bytes(100'000, 2), other = patterned_bytes(10, 3);
  require_value(records.put_revocations(key_of(1), 5, one), "a list can be put");
  require_value(records.put_revocations(key_of(1), 5, one), "the same list can be put again");
  require_error(records.put_revocations(key_of(1), 5, two).error(), errc::revocation_list_outdated,
                "another list of the same version is refused");
  require_error(records.put_revocations(key_of(1), 4, two).error(), errc::revocation_list_outdated,
                "an older list is refused");
  require_value(records.put_revocations(key_of(1), 6, two), "a newer list replaces it");
  require_value(records.put_revocations(key_of(2), 1, other), "versions of another issuer are independent");
  auto lists = require_value(records.revocations(), "lists can be read");
  std::ranges::sort(lists, {}, &bytes::size);
  require(lists == std::vector<bytes>{other, two}, "the newest list of every issuer is kept byte for byte");
}

constexpr ledger_check checks[] = {
    {"a machine takes one slot however often it claims", check_same_machine},
    {"the origin counts as the first machine", check_origin},
    {"the limit holds, and a known machine is not refused at the limit", check_limit},
    {"only the origin has a license with a limit of one", check_limit_of_one},
    {"every license is decided separately", check_licenses_apart},
    {"exactly one of ten threads that claim the last slot gets it", check_one_wins},
    {"new slots per day are limited if the claim says so", check_daily},
    {"uses left never increase", check_state},
    {"every state is kept", check_large_count},
    {"a refused machine does not change the state or the limit", check_state_at_limit},
    {"the first machine to claim does not change the state if it is refused", check_state_of_unknown},
    {"the state of every machine that gets the license counts", check_state_of_new_slot},
    {"a use counts if the machine has the license", check_report},
    {"a release frees a slot", check_release},
    {"a released origin is not counted again", check_origin_released},
    {"the same order again changes nothing", check_same_order},
    {"releases of one license are a cool-down apart", check_cool_down},
    {"an operator releases at any time", check_operator},
    {"only a slot in use is released", check_release_of_missing_slot},
    {"the origin's slot can be taken over", check_takeover},
    {"the first machine to claim can take over the origin's slot", check_takeover_first},
    {"takeovers in a period are limited", check_takeover_rate},
    {"a takeover without a slot to take over is an ordinary claim", check_takeover_without_slot},
    {"an owner is the first to prove it, or one whose origin had the license", check_owner},
    {"an owner becomes known at the limit", check_owner_at_limit},
    {"the slots of an owner are listed in full", check_slots},
    {"released slots are listed with their order", check_released_slots},
    {"every change of a slot is in the audit trail", check_trail},
    {"repeated refusals do not fill the audit trail", check_refusals},
    {"issuers are kept by key", check_issuers},
    {"the newest revocation list of every issuer is kept", check_revocations},
};

}  // namespace

std::span<const ledger_check> ledger_contract() noexcept {
  return checks;
}

}  // namespace reinstate::testing
