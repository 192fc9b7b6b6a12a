// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/slot_rules.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace reinstate {
namespace {

using namespace service;

using order_id = std::array<std::byte, 16>;

struct done_order {
  stored_slot released;
  instant time{};
};

struct license_entry {
  std::optional<license_account> account;
  std::map<machine_id, stored_slot> slots;
  std::set<x25519_public_key> owners;
  std::map<order_id, done_order> orders;

  std::optional<stored_slot> slot_of(const machine_id& machine) const {
    const auto found = slots.find(machine);
    return found == slots.end() ? std::nullopt : std::optional(found->second);
  }

  license_facts facts(const machine_id& machine, const machine_id& origin,
                      const std::optional<x25519_public_key>& owner) const {
    return {account,         static_cast<std::uint32_t>(slots.size()), slot_of(machine), slot_of(origin),
            !owners.empty(), owner && owners.contains(*owner)};
  }

  void apply(const license_changes& changes) {
    if (changes.account) account = changes.account;
    for (const stored_slot& slot : changes.put) slots[slot.machine] = slot;
    if (changes.removed) slots.erase(*changes.removed);
    if (changes.new_owner) owners.insert(*changes.new_owner);
  }
};

class memory_ledger final : public ledger, service_records {
 public:
  result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims, instant now) override {
    const std::lock_guard lock(mutex_);
    std::vector<claim_outcome> out;
    for (const slot_claim& claim : claims) {
      license_entry& license = licenses_[claim.license];
      const decided_claim decided = decide(claim, license.facts(claim.machine, claim.origin, claim.owner), now);
      apply(claim.license, license, decided.changes, now);
      out.push_back(decided.outcome);
    }
    return out;
  }

  result<std::vector<release_outcome>> release(std::span<const slot_release> releases, instant now) override {
    const std::lock_guard lock(mutex_);
    std::vector<release_outcome> out;
    for (const slot_release& release : releases) {
      license_entry& license = licenses_[release.license];
      const auto found = license.orders.find(release.order);
      const auto done = found == license.orders.end() ? std::nullopt : std::optional(found->second.time);
      const license_facts facts = license.facts(release.machine, {}, {});
      const decided_release decided = decide(release, facts, done, now);
      if (decided.changes) {
        apply(release.license, license, *decided.changes, now);
        license.orders[release.order] = {*facts.own, now};
      }
      out.push_back(decided.outcome);
    }
    return out;
  }

  result<void> report(std::span<const slot_use> uses) override {
    const std::lock_guard lock(mutex_);
    for (const slot_use& use : uses) {
      const auto found = licenses_.find(use.license);
      if (found == licenses_.end()) continue;
      if (auto account = decide(use, found->second.facts(use.machine, {}, {}))) found->second.account = *account;
    }
    return {};
  }

  result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) override {
    const std::lock_guard lock(mutex_);
    std::vector<owned_slot> out;
    for (const auto& [id, license] : licenses_) {
      if (!license.owners.contains(owner)) continue;
      std::multimap<machine_id, owned_slot> slots;
      const auto add = [&, &id = id, &license = license](const stored_slot& slot, std::optional<order_id> order) {
        slots.emplace(slot.machine, owned_slot{id, slot.machine, slot.name, slot.first, slot.last,
                                               license.account->limit, license.account->last_release, order});
      };
      for (const auto& [machine, slot] : license.slots) add(slot, {});
      for (const auto& [order, done] : license.orders) add(done.released, order);
      for (auto& [machine, slot] : slots) out.push_back(std::move(slot));
    }
    return out;
  }

  service_records& records() noexcept override { return *this; }

 private:
  void apply(const license_id& id, license_entry& license, const license_changes& changes, instant now) {
    license.apply(changes);
    for (const audit_note& note : changes.notes)
      audit_.push_back({audit_.size() + 1, now, note.event, id, note.machine, note.detail});
  }

  result<void> put_issuer(const trusted_issuer& issuer) override {
    const std::lock_guard lock(mutex_);
    issuers_[issuer.key] = issuer.name;
    return {};
  }

  result<std::vector<trusted_issuer>> issuers() override {
    const std::lock_guard lock(mutex_);
    std::vector<trusted_issuer> out;
    for (const auto& [key, name] : issuers_) out.push_back({name, key});
    return out;
  }

  result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                               std::span<const std::byte> list) override {
    const std::lock_guard lock(mutex_);
    auto& [known, bytes] = revocations_[issuer];
    if (!bytes.empty() && known >= version) {
      if (known == version && std::ranges::equal(bytes, list)) return {};
      return errc::revocation_list_outdated;
    }
    known = version;
    bytes.assign(list.begin(), list.end());
    return {};
  }

  result<std::vector<std::vector<std::byte>>> revocations() override {
    const std::lock_guard lock(mutex_);
    std::vector<std::vector<std::byte>> out;
    for (const auto& [issuer, list] : revocations_) out.push_back(list.second);
    return out;
  }

  result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count) override {
    const std::lock_guard lock(mutex_);
    const std::size_t begin = std::min<std::size_t>(after, audit_.size());
    const std::size_t end = begin + std::min(count, audit_.size() - begin);
    return std::vector(audit_.begin() + static_cast<std::ptrdiff_t>(begin),
                       audit_.begin() + static_cast<std::ptrdiff_t>(end));
  }

  std::mutex mutex_;
  std::map<license_id, license_entry> licenses_;
  std::map<ed25519_public_key, std::string> issuers_;
  std::map<ed25519_public_key, std::pair<std::uint64_t, std::vector<std::byte>>> revocations_;
  std::vector<audit_entry> audit_;
};

}  // namespace

std::unique_ptr<ledger> make_memory_ledger() {
  return std::make_unique<memory_ledger>();
}

}  // namespace reinstate
