// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/slot_rules.hpp"

#include "core/hex.hpp"

#include <utility>

namespace reinstate::service {
namespace {

constexpr std::chrono::seconds day = std::chrono::hours(24);

// Who asks again and again for what he does not get must not fill the trail.
constexpr std::chrono::seconds between_noted_refusals = std::chrono::hours(1);

// Drops what lies longer ago than the period, and counts the rest. What seems to lie in the future, because the clock
// was set back, counts.
std::size_t recent(std::vector<instant>& times, std::chrono::seconds period, instant now) {
  std::erase_if(times, [&](instant time) { return now - time >= period; });
  return times.size();
}

std::string count_of(std::uint32_t machines, std::uint32_t limit) {
  return std::to_string(machines) + " of " + std::to_string(limit) + " machines";
}

// A statement is all that it takes to ask. Who is refused must not use up the license of those who have it.
bool has_license(claim_result what) noexcept {
  return what != claim_result::at_limit && what != claim_result::daily_limit;
}

// The claim of one machine, as it is decided.
class claim_decision {
 public:
  claim_decision(const slot_claim& claim, const license_facts& facts, instant now)
      : claim_(claim),
        facts_(facts),
        now_(now),
        account_(facts.account.value_or(license_account())),
        machines_(facts.machines) {}

  decided_claim make() {
    add_owner();
    if (!facts_.account) count_origin();
    const claim_result what = find_place();
    if (has_license(what)) {
      account_.state = furthest_state(account_.state, claim_.state);
      account_.limit = claim_.limit;
    }
    if (account_ != facts_.account) changes_.account = account_;
    return {{what, machines_, account_.state}, std::move(changes_)};
  }

 private:
  void note(const char* what, const machine_id& machine, std::string detail = {}) {
    changes_.notes.push_back({what, machine, std::move(detail)});
  }

  void add_owner() {
    if (!claim_.owner || facts_.knows_owner || (facts_.has_owner && !facts_.of_origin)) return;
    changes_.new_owner = claim_.owner;
    note("owner_added", claim_.machine);
  }

  // Its backup is how we hear of the license: it had it before anybody asked.
  void count_origin() {
    changes_.put.push_back({claim_.origin, {}, now_, now_});
    account_.limit = claim_.limit;
    machines_ = 1;
    note("origin_counted", claim_.origin);
  }

  claim_result find_place() {
    const bool is_new_origin = !facts_.account && claim_.machine == claim_.origin;
    if (facts_.own || is_new_origin) return keep_place(facts_.own ? *facts_.own : changes_.put.back());
    if (claim_.take_over_origin && (facts_.of_origin || !facts_.account) && may_take_over()) return take_over();
    if (machines_ >= claim_.limit) return refuse(claim_result::at_limit, "limit_reached");
    if (claim_.daily != 0 && recent(account_.new_places, day, now_) >= claim_.daily)
      return refuse(claim_result::daily_limit, "daily_limit_reached");
    return take_place();
  }

  claim_result keep_place(place own) {
    if (!claim_.machine_name.empty()) own.name = claim_.machine_name;
    own.last = now_;
    changes_.put = {std::move(own)};
    return claim_result::known;
  }

  bool may_take_over() { return recent(account_.take_overs, claim_.takeover_period, now_) < claim_.max_takeovers; }

  claim_result take_over() {
    changes_.put = {{claim_.machine, claim_.machine_name, now_, now_}};
    changes_.removed = claim_.origin;
    account_.take_overs.push_back(now_);
    note("slot_taken_over", claim_.machine, "from " + hex_of(claim_.origin));
    return claim_result::taken_over;
  }

  claim_result refuse(claim_result what, const char* noted) {
    std::optional<instant>& last = account_.last_noted_refusal;
    if (last && *last <= now_ && now_ - *last < between_noted_refusals) return what;
    last = now_;
    note(noted, claim_.machine, count_of(machines_, claim_.limit));
    return what;
  }

  claim_result take_place() {
    changes_.put.push_back({claim_.machine, claim_.machine_name, now_, now_});
    // Without a daily limit there is no end to how many there may be.
    if (claim_.daily != 0) account_.new_places.push_back(now_);
    note("slot_taken", claim_.machine, count_of(++machines_, claim_.limit));
    return claim_result::taken;
  }

  const slot_claim& claim_;
  const license_facts& facts_;
  instant now_;
  license_account account_;
  std::uint32_t machines_;
  license_changes changes_;
};

}  // namespace

decided_claim decide(const slot_claim& claim, const license_facts& facts, instant now) {
  return claim_decision(claim, facts, now).make();
}

decided_release decide(const slot_release& release, const license_facts& facts, std::optional<instant> done,
                       instant now) {
  if (done) return {{release_result::already_released, *done + release.cool_down}, {}};
  const auto last = facts.account ? facts.account->last_release : std::nullopt;
  const instant next = last ? *last + release.cool_down : instant{};
  if (!facts.own) return {{release_result::not_there, next}, {}};
  if (last && now < next) return {{release_result::too_soon, next}, {}};

  license_changes changes;
  changes.account = facts.account;
  changes.account->last_release = now;
  changes.removed = release.machine;
  changes.notes.push_back({release.by_operator ? "released_by_operator" : "released", release.machine,
                           count_of(facts.machines - 1, facts.account->limit)});
  return {{release_result::released, now + release.cool_down}, std::move(changes)};
}

std::optional<license_account> decide(const slot_use& use, const license_facts& facts) {
  if (!facts.account || !facts.own) return std::nullopt;
  license_account account = *facts.account;
  account.state = furthest_state(account.state, use.state);
  if (account == *facts.account) return std::nullopt;
  return account;
}

}  // namespace reinstate::service
