// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/slot_rules.hpp"

#include "core/hex.hpp"

#include <utility>

namespace reinstate::service {
namespace {

constexpr std::chrono::seconds day = std::chrono::hours(24);

// Rate-limits audit entries for repeated refusals, so that a retrying client cannot flood the audit log.
constexpr std::chrono::seconds refusal_note_interval = std::chrono::hours(1);

// Removes the times before the period, and returns the number of the others. Times in the future, which appear when the
// clock is set back, count.
std::size_t count_recent(std::vector<instant>& times, std::chrono::seconds period, instant now) {
  std::erase_if(times, [&](instant time) { return now - time >= period; });
  return times.size();
}

std::string usage_text(std::uint32_t machines, std::uint32_t limit) {
  return std::to_string(machines) + " of " + std::to_string(limit) + " machines";
}

// Returns true if the machine has the license after the claim. A refused claim, for which a statement suffices, must
// not use up the license of the machines that have it.
bool is_granted(claim_result result) noexcept {
  return result != claim_result::at_limit && result != claim_result::daily_limit;
}

// Decides the claim of one machine.
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
    const claim_result result = find_slot();
    if (is_granted(result)) {
      account_.state = furthest_state(account_.state, claim_.state);
      account_.limit = claim_.limit;
    }
    if (account_ != facts_.account) changes_.account = account_;
    return {{result, machines_, account_.state}, std::move(changes_)};
  }

 private:
  void note(const char* event, const machine_id& machine, std::string detail = {}) {
    changes_.notes.push_back({event, machine, std::move(detail)});
  }

  void add_owner() {
    if (!claim_.owner || facts_.knows_owner || (facts_.has_owner && !facts_.of_origin)) return;
    changes_.new_owner = claim_.owner;
    note("owner_added", claim_.machine);
  }

  // Gives the origin a slot of a license that is new to the ledger: the machine that made the backup has the license.
  void count_origin() {
    changes_.put.push_back({claim_.origin, {}, now_, now_});
    account_.limit = claim_.limit;
    machines_ = 1;
    note("origin_counted", claim_.origin);
  }

  claim_result find_slot() {
    const bool is_new_origin = !facts_.account && claim_.machine == claim_.origin;
    if (facts_.own || is_new_origin) return keep_slot(facts_.own ? *facts_.own : changes_.put.back());
    if (claim_.take_over_origin && (facts_.of_origin || !facts_.account) && may_take_over()) return take_over();
    if (machines_ >= claim_.limit) return refuse(claim_result::at_limit, "limit_reached");
    if (claim_.daily != 0 && count_recent(account_.new_slots, day, now_) >= claim_.daily)
      return refuse(claim_result::daily_limit, "daily_limit_reached");
    return take_slot();
  }

  claim_result keep_slot(stored_slot own) {
    if (!claim_.machine_name.empty()) own.name = claim_.machine_name;
    own.last = now_;
    changes_.put = {std::move(own)};
    return claim_result::known;
  }

  bool may_take_over() { return count_recent(account_.takeovers, claim_.takeover_period, now_) < claim_.max_takeovers; }

  claim_result take_over() {
    changes_.put = {{claim_.machine, claim_.machine_name, now_, now_}};
    changes_.removed = claim_.origin;
    account_.takeovers.push_back(now_);
    note("slot_taken_over", claim_.machine, "from " + hex_of(claim_.origin));
    return claim_result::taken_over;
  }

  claim_result refuse(claim_result reason, const char* event) {
    std::optional<instant>& last = account_.last_noted_refusal;
    if (last && *last <= now_ && now_ - *last < refusal_note_interval) return reason;
    last = now_;
    note(event, claim_.machine, usage_text(machines_, claim_.limit));
    return reason;
  }

  claim_result take_slot() {
    changes_.put.push_back({claim_.machine, claim_.machine_name, now_, now_});
    // Kept only for a daily limit, which bounds their number.
    if (claim_.daily != 0) account_.new_slots.push_back(now_);
    note("slot_taken", claim_.machine, usage_text(++machines_, claim_.limit));
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
                           usage_text(facts.machines - 1, facts.account->limit)});
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
