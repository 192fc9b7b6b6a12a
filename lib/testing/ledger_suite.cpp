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

using namespace asking;
using namespace std::chrono_literals;

// --- places ---

void check_same_machine(const ledger_factory& make) {
  const auto in = made(make);
  const auto first = ask(*in, claim_of(2));
  require(first.what == claim_result::taken && first.machines == 2, "a new machine takes a place beside the origin");
  const auto again = ask(*in, claim_of(2), noon + 1h);
  require(again.what == claim_result::known && again.machines == 2, "and none when it asks again [C93, C95]");
}

void check_origin(const ledger_factory& make) {
  const auto in = made(make);
  const auto first = ask(*in, claim_of(1));
  require(first.what == claim_result::known && first.machines == 1, "the origin has the license before it asks");
  require(ask(*in, claim_of(2)).machines == 2, "and counts as the first machine");
  slot_claim other = claim_of(3);
  other.origin = key_of(9);
  require(ask(*in, other).machines == 3, "another origin of a license that is known is not counted");
}

void check_limit(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  const auto fifth = ask(*in, claim_of(5));
  require(fifth.what == claim_result::at_limit && fifth.machines == 4, "the fifth machine gets no place [C96]");
  for (std::uint8_t number = 1; number <= 4; ++number)
    require(result_of(*in, claim_of(number)) == claim_result::known, "a known machine is free at the limit");
  slot_claim wider = claim_of(5);
  wider.limit = 5;
  require(result_of(*in, wider) == claim_result::taken, "the limit is that of the claim");
}

void check_limit_of_one(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim claim = claim_of(2);
  claim.limit = 1;
  require(result_of(*in, claim) == claim_result::at_limit, "with a limit of one nobody but the origin has a place");
  require(result_of(*in, claim_of(1)) == claim_result::known, "and the origin has it");
}

void check_licenses_apart(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  std::vector<slot_claim> claims{claim_of(5), claim_of(5), claim_of(2)};
  claims[1].license = id_of(2);
  const auto out = require_value(in->claim(claims, noon), "several licenses can be claimed at once");
  require(out.size() == 3 && out[0].what == claim_result::at_limit && out[1].what == claim_result::taken &&
              out[2].what == claim_result::known,
          "each license is decided for itself, and answered in order");
  require(require_value(in->claim({}, noon), "nothing can be claimed").empty(), "nothing asked, nothing answered");
}

void check_one_wins(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 3);
  std::promise<void> start;
  const std::shared_future<void> started = start.get_future().share();
  std::vector<std::future<result<std::vector<claim_outcome>>>> asking;
  for (std::uint8_t number = 10; number != 20; ++number)
    asking.push_back(std::async(std::launch::async, [&in, started, number] {
      const slot_claim claim = claim_of(number);
      started.wait();
      return in->claim({&claim, 1}, noon);
    }));
  start.set_value();
  int taken = 0, refused = 0;
  for (auto& one : asking) {
    const auto out = require_value(one.get(), "ten threads can claim at once").front();
    require(out.machines == 4, "and each sees four machines");
    (out.what == claim_result::taken ? taken : refused) += 1;
  }
  require(taken == 1 && refused == 9, "of ten claims for the last place exactly one gets it");
}

void check_daily(const ledger_factory& make) {
  const auto in = made(make);
  const auto claim = [](std::uint8_t number) {
    slot_claim out = claim_of(number);
    out.limit = 100;
    out.daily = 2;
    return out;
  };
  require(result_of(*in, claim(2)) == claim_result::taken, "the first new machine of a day gets a place");
  require(result_of(*in, claim(3), noon + 1h) == claim_result::taken, "and the second");
  require(result_of(*in, claim(4), noon + 2h) == claim_result::daily_limit, "but not the third [C103]");
  require(result_of(*in, claim(3), noon + 2h) == claim_result::known, "a known machine is free");
  require(result_of(*in, claim(4), noon + 24h - 1s) == claim_result::daily_limit, "a day has 24 hours");
  require(result_of(*in, claim(4), noon + 24h) == claim_result::taken, "then one of the places is a day old");
  require(result_of(*in, claim(5), noon + 24h) == claim_result::daily_limit, "but not the other");
}

// --- how far a license was used ---

void check_state(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim claim = claim_of(2);
  claim.state = state_of(5, noon);
  require(ask(*in, claim).state == state_of(5, noon), "a state is kept");
  claim.state = state_of(9, noon + 1h);
  require(ask(*in, claim).state == state_of(5, noon), "uses never rise, first use never becomes later [C131, C137]");
  claim.machine = key_of(3);
  claim.state = state_of(4, noon - 1h);
  require(ask(*in, claim).state == state_of(4, noon - 1h), "what goes down is taken from any machine [C132]");
  require(ask(*in, claim_of(2)).state == state_of(4, noon - 1h), "no state is less than any");
  claim.state = state_of(std::numeric_limits<std::uint64_t>::max());
  require(ask(*in, claim).state == state_of(4, noon - 1h), "and so is the highest count");
}

void check_large_count(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim claim = claim_of(2);
  claim.state = state_of(std::numeric_limits<std::uint64_t>::max(), instant{-1s});
  require(ask(*in, claim).state == claim.state, "the highest count and a time before 1970 are kept");
  require(ask(*in, claim_of(2)).state == claim.state, "and given again");
  claim.state = state_of(0);
  require(ask(*in, claim).state == state_of(0, instant{-1s}), "and so is a count of none");
}

void check_state_at_limit(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  slot_claim has = claim_of(2), refused = claim_of(5), today = claim_of(5);
  has.state = state_of(3, noon);
  ask(*in, has);
  refused.state = today.state = state_of(0, noon - 1h);
  refused.limit = 2;
  require(ask(*in, refused).state == has.state, "who is refused uses nothing up");
  require(slots(*in, 50).front().limit == 4, "and changes no limit");
  slot_claim sixth = claim_of(6);
  today.limit = sixth.limit = 6;
  today.daily = sixth.daily = 1;
  require(result_of(*in, sixth) == claim_result::taken, "one more has it that day");
  const auto out = ask(*in, today);
  require(out.what == claim_result::daily_limit && out.state == has.state, "nor does who is refused for that day");
  require(ask(*in, claim_of(2)).state == has.state, "and nothing of it is kept");
}

void check_state_of_unknown(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim claim = owned_claim(2, 50);
  claim.limit = 1;
  claim.state = state_of(0);
  require(result_of(*in, claim) == claim_result::at_limit, "a machine that nobody knows is refused");
  require(ask(*in, claim_of(1)).state == license_state{}, "the origin does not lose its uses by that");
  require(slots(*in, 50).front().limit == 4, "and the limit is that of its own claim");
}

void check_state_that_comes_with_a_place(const ledger_factory& make) {
  const auto in = made(make);
  const auto left = [](slot_claim claim, std::uint64_t uses) {
    claim.state = state_of(uses);
    return claim;
  };
  require(ask(*in, left(claim_of(2), 9)).state == state_of(9), "with the state comes a place");
  require(ask(*in, left(claim_of(2), 8)).state == state_of(8), "who has one tells his own");
  require(ask(*in, left(take_over(3), 7)).state == state_of(7), "and who takes one over");
}

void check_report(const ledger_factory& make) {
  const auto in = made(make);
  use(*in, 2, state_of(1));
  slot_claim claim = claim_of(2);
  claim.state = state_of(9);
  require(ask(*in, claim).state == state_of(9), "a use of a license that nobody knows does not count");
  use(*in, 2, state_of(7));
  require(ask(*in, claim).state == state_of(7), "a use of who has the license counts");
  use(*in, 2, state_of(8));
  require(ask(*in, claim).state == state_of(7), "but never raises a count");
  use(*in, 3, state_of(2));
  require(ask(*in, claim).state == state_of(7), "a use of who has it not does not count");
}

// --- releases ---

void check_release(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  const auto out = take(*in, release_of(2, 1));
  require(out.what == release_result::released && out.next_release == noon + week, "a machine can be released");
  require(result_of(*in, claim_of(5)) == claim_result::taken, "and its place is free");
  require(result_of(*in, claim_of(2)) == claim_result::at_limit, "it is as any other machine now");
}

void check_origin_released(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 2);
  require(take(*in, release_of(1, 1)).what == release_result::released, "the origin can be released");
  const auto next = ask(*in, claim_of(3));
  require(next.what == claim_result::taken && next.machines == 2, "and is not counted again by the next claim");
  require(result_of(*in, claim_of(1)) == claim_result::taken, "when it asks it takes a place");
}

void check_same_order(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  take(*in, release_of(2, 1));
  require(result_of(*in, claim_of(2)) == claim_result::taken, "a released machine may come back");
  const auto again = take(*in, release_of(2, 1), noon + 2 * week);
  require(again.what == release_result::already_released, "the same order again changes nothing");
  require(again.next_release == noon + week, "and is answered as the first time");
  require(result_of(*in, claim_of(2)) == claim_result::known, "the machine keeps its place");
}

void check_cool_down(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  take(*in, release_of(2, 1));
  const auto soon = take(*in, release_of(3, 2), noon + week - 1s);
  require(soon.what == release_result::too_soon && soon.next_release == noon + week, "a release can be too soon");
  require(result_of(*in, claim_of(3)) == claim_result::known, "then nothing changed");
  require(take(*in, release_of(3, 2), noon + week).what == release_result::released, "later the same order is fine");
}

void check_operator(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  take(*in, release_of(2, 1));
  slot_release order = release_of(3, 2);
  order.cool_down = 0s;
  order.by_operator = true;
  require(take(*in, order).what == release_result::released, "an operator need not wait");
  require(trail(*in).back() == "released_by_operator", "and the trail says who it was");
}

void check_not_there(const ledger_factory& make) {
  const auto in = made(make);
  require(take(*in, release_of(2, 1)).what == release_result::not_there, "what nobody knows cannot be released");
  fill(*in, 2);
  require(take(*in, release_of(3, 1)).what == release_result::not_there, "nor a machine that has no place");
  require(take(*in, release_of(2, 1)).what == release_result::released, "an order that found nothing is not done");
}

// --- former selves ---

void check_take_over(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  const auto out = ask(*in, take_over(5));
  require(out.what == claim_result::taken_over && out.machines == 4,
          "the place of the origin can be taken at the limit");
  require(result_of(*in, claim_of(5)) == claim_result::known, "who took it has it");
  require(result_of(*in, claim_of(1)) == claim_result::at_limit, "and the origin has it no longer");
  require(result_of(*in, take_over(5)) == claim_result::known, "taking it again changes nothing");
}

void check_take_over_first(const ledger_factory& make) {
  const auto in = made(make);
  const auto out = ask(*in, take_over(2));
  require(out.what == claim_result::taken_over && out.machines == 1, "the first to ask can be the origin's next self");
}

void check_take_over_rate(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  const auto from = [](std::uint8_t number, std::uint8_t origin) {
    slot_claim out = take_over(number);
    out.origin = key_of(origin);
    return out;
  };
  require(result_of(*in, from(5, 1)) == claim_result::taken_over, "once is permitted");
  require(result_of(*in, from(6, 5), noon + week - 1s) == claim_result::at_limit, "not twice in the period");
  require(result_of(*in, from(6, 5), noon + week) == claim_result::taken_over, "but after it");
  slot_claim generous = from(7, 6);
  generous.max_takeovers = 2;
  require(result_of(*in, generous, noon + week) == claim_result::taken_over, "as often as the claim permits");
}

void check_take_over_without_place(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  take(*in, release_of(1, 1));
  require(result_of(*in, take_over(5)) == claim_result::taken, "without a place to take over it takes a free one");
  slot_claim none = take_over(6);
  require(result_of(*in, none) == claim_result::at_limit, "or none where none is free");
  none.limit = 5;
  none.max_takeovers = 0;
  require(result_of(*in, none) == claim_result::taken, "where no take-over is permitted it takes one of its own");
}

// --- owners ---

void check_owner(const ledger_factory& make) {
  const auto in = made(make);
  require(slots(*in, 50).empty(), "an owner whom nobody knows has nothing");
  ask(*in, claim_of(2));
  require(slots(*in, 50).empty(), "who proved nothing is no owner");
  ask(*in, owned_claim(2, 50));
  require(slots(*in, 50).size() == 2, "the first who proves it is an owner");

  slot_claim stranger = owned_claim(3, 60);
  stranger.origin = key_of(9);
  ask(*in, stranger);
  require(slots(*in, 60).empty(), "a backup of a machine that never had the license makes no owner");
  slot_claim second = owned_claim(2, 70);
  second.origin = key_of(2);
  ask(*in, second);
  require(slots(*in, 70).size() == 3 && slots(*in, 50).size() == 3, "that of one that had it does, beside the first");
}

void check_owner_at_limit(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim claim = owned_claim(2, 50);
  claim.limit = 1;
  require(result_of(*in, claim) == claim_result::at_limit, "the limit is reached");
  require(slots(*in, 50).size() == 1, "an owner becomes known at the limit too, so that he can release a machine");
}

void check_slots(const ledger_factory& make) {
  const auto in = made(make);
  slot_claim named = owned_claim(3, 50);
  named.machine_name = "Kitchen \xc3\xa9";
  ask(*in, named);
  named.license = id_of(0);
  named.limit = 7;
  ask(*in, named, noon + 1h);
  ask(*in, owned_claim(3, 50), noon + 2h);
  const auto all = slots(*in, 50);
  require(all.size() == 4, "every place is listed");
  const auto order = [](const owned_slot& slot) { return std::pair(slot.license, slot.machine); };
  require(std::ranges::is_sorted(all, {}, order), "in order of license and machine");
  const owned_slot& last = all.back();
  require(last.license == id_of(1) && last.machine == key_of(3), "the last is the last");
  require(last.machine_name == named.machine_name, "its name is kept where a later claim has none");
  require(last.first == noon && last.last == noon + 2h, "with its first and its last claim");
  require(last.limit == 4 && all.front().limit == 7, "with the limit of its license");
  require(!last.last_release && !last.released_by, "and no release");
}

void check_released_slots(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 3);
  take(*in, release_of(2, 7));
  const auto all = slots(*in, 50);
  require(all.size() == 3 && all[1].machine == key_of(2), "a released place is still listed");
  require(all[1].released_by == release_of(2, 7).order, "with the order that took it");
  require(all[0].last_release == noon, "and its license with the time of the release");
  ask(*in, owned_claim(2, 50));
  const auto back = slots(*in, 50);
  require(back.size() == 4 && !back[1].released_by && back[2].released_by, "as is the place it has again");
}

// --- the trail and the records ---

void check_trail(const ledger_factory& make) {
  const auto in = made(make);
  require(trail(*in).empty(), "a new ledger has no trail");
  fill(*in, 4);
  ask(*in, claim_of(4));
  ask(*in, claim_of(5));
  take(*in, release_of(2, 1));
  take(*in, release_of(2, 1));
  const std::vector<std::string> expected{"owner_added", "origin_counted", "slot_taken", "slot_taken",
                                          "slot_taken",  "limit_reached",  "released"};
  require(trail(*in) == expected, "every change of a place is in the trail once, in order");
  const auto lines = require_value(in->records().audit(6, 10), "the trail can be read from anywhere");
  require(lines.size() == 1 && lines[0].number == 7 && lines[0].time == noon, "numbers ascend, times are told");
  require(lines[0].license == id_of(1) && lines[0].machine == key_of(2), "and whom it is about");
  require(trail(*in, 2, 2) == std::vector<std::string>(expected.begin() + 2, expected.begin() + 4),
          "as many lines are given as were asked for");
  require(trail(*in, 7).empty() && trail(*in, std::numeric_limits<std::uint64_t>::max()).empty(), "none after the end");
  require(trail(*in, 0, std::numeric_limits<std::size_t>::max()).size() == 7, "any count may be asked for");
}

void check_refusals(const ledger_factory& make) {
  const auto in = made(make);
  fill(*in, 4);
  const auto lines = trail(*in).size();
  for (std::uint8_t number = 10; number != 20; ++number) ask(*in, claim_of(number), noon + 1h - 1s);
  require(trail(*in).size() == lines + 1, "who is refused again and again does not fill the trail");
  ask(*in, claim_of(10), noon + 2h - 2s);
  require(trail(*in).size() == lines + 1, "a refusal is noted once an hour");
  ask(*in, claim_of(10), noon + 2h - 1s);
  require(trail(*in).size() == lines + 2 && trail(*in).back() == "limit_reached", "and then again");
  ask(*in, claim_of(10), noon);
  require(trail(*in).size() == lines + 3, "a clock that was set back silences nobody");
}

void check_issuers(const ledger_factory& make) {
  const auto in = made(make);
  service_records& records = in->records();
  require(require_value(records.issuers(), "issuers can be listed").empty(), "a new ledger knows no issuer");
  require_value(records.put_issuer({"One", key_of(1)}), "an issuer can be put");
  require_value(records.put_issuer({"Two", key_of(2)}), "and another");
  require_value(records.put_issuer({"Uno", key_of(1)}), "and the first again");
  auto known = require_value(records.issuers(), "issuers can be listed");
  std::ranges::sort(known, {}, &trusted_issuer::name);
  require(known == std::vector<trusted_issuer>{{"Two", key_of(2)}, {"Uno", key_of(1)}},
          "the last name of a key counts");
}

void check_revocations(const ledger_factory& make) {
  const auto in = made(make);
  service_records& records = in->records();
  const bytes one = made_up(100, 1), two = made_up(100'000, 2), other = made_up(10, 3);
  require_value(records.put_revocations(key_of(1), 5, one), "a list can be put");
  require_value(records.put_revocations(key_of(1), 5, one), "and the same again");
  require_error(records.put_revocations(key_of(1), 5, two).error(), errc::revocation_list_outdated,
                "another of the same version is refused");
  require_error(records.put_revocations(key_of(1), 4, two).error(), errc::revocation_list_outdated, "and an older one");
  require_value(records.put_revocations(key_of(1), 6, two), "a newer one takes its place");
  require_value(records.put_revocations(key_of(2), 1, other), "another issuer has versions of his own");
  auto lists = require_value(records.revocations(), "lists can be read");
  std::ranges::sort(lists, {}, &bytes::size);
  require(lists == std::vector<bytes>{other, two}, "the newest of every issuer, byte for byte");
}

constexpr ledger_check checks[] = {
    {"the same machine takes one place however often it asks", check_same_machine},
    {"the origin counts as the first machine", check_origin},
    {"the limit holds, and a known machine is free at the limit", check_limit},
    {"the origin alone has a license with a limit of one", check_limit_of_one},
    {"every license is decided for itself", check_licenses_apart},
    {"of ten threads that claim the last place exactly one gets it", check_one_wins},
    {"new places of a day are limited where the claim says so", check_daily},
    {"a state only goes down", check_state},
    {"every state is kept", check_large_count},
    {"a refused machine changes neither state nor limit", check_state_at_limit},
    {"the first machine to ask changes no state where it is refused", check_state_of_unknown},
    {"the state of each machine that has the license then counts", check_state_that_comes_with_a_place},
    {"a use counts where the machine has the license", check_report},
    {"a release makes a place free", check_release},
    {"a released origin is not counted again", check_origin_released},
    {"the same order again changes nothing", check_same_order},
    {"releases of one license are a cool-down apart", check_cool_down},
    {"an operator releases at any time", check_operator},
    {"what is not there is not released", check_not_there},
    {"the place of the origin can be taken over", check_take_over},
    {"the first machine to ask can take the origin's place over", check_take_over_first},
    {"take-overs are limited in a period", check_take_over_rate},
    {"without a place to take over a claim is as any other", check_take_over_without_place},
    {"an owner is the first, or one whose origin had the license", check_owner},
    {"an owner becomes known at the limit", check_owner_at_limit},
    {"the places of an owner are listed with all that is known", check_slots},
    {"places that were released are listed with their order", check_released_slots},
    {"every change of a place is in the trail", check_trail},
    {"refusals do not fill the trail", check_refusals},
    {"issuers are kept by key", check_issuers},
    {"the newest revocation list of every issuer is kept", check_revocations},
};

}  // namespace

std::span<const ledger_check> ledger_contract() noexcept {
  return checks;
}

}  // namespace reinstate::testing
