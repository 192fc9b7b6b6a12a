// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_SLOT_RULES_HPP
#define REINSTATE_SERVICE_LEDGER_SLOT_RULES_HPP

#include <reinstate/service/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The rules by which a ledger decides about one license: from what it has about it, what is to be changed. Every ledger
// goes by them, so that no two differ. Nothing here reads or writes anything.

namespace reinstate::service {

using instant = std::chrono::sys_seconds;

// What is kept of one license besides its places and owners.
struct license_account {
  license_state state;
  std::uint32_t limit = 0;
  std::optional<instant> last_release;
  std::vector<instant> take_overs;  // those that still count, and so never more than are permitted
  std::vector<instant> new_places;  // the same, where there is a daily limit
  std::optional<instant> last_noted_refusal;

  friend bool operator==(const license_account&, const license_account&) = default;
};

struct place {
  machine_id machine{};
  std::string name;
  instant first{}, last{};
};

// What a decision goes by.
struct license_facts {
  std::optional<license_account> account;  // nothing: the license was never heard of
  std::uint32_t machines = 0;              // that have it
  std::optional<place> own;                // of the machine that asks, or that is released
  std::optional<place> of_origin;          // the same as `own` where that machine is the origin
  bool has_owner = false;
  bool knows_owner = false;  // the one who is named
};

struct audit_note {
  const char* what = "";
  machine_id machine{};
  std::string detail;
};

// What a decision changes. To be made durable as one.
struct license_changes {
  std::optional<license_account> account;
  std::vector<place> put;             // new, or in place of that of the same machine
  std::optional<machine_id> removed;  // after the others were put
  std::optional<x25519_public_key> new_owner;
  std::vector<audit_note> notes;
};

struct decided_claim {
  claim_outcome outcome;
  license_changes changes;
};
decided_claim decide(const slot_claim& claim, const license_facts& facts, instant now);

struct decided_release {
  release_outcome outcome;
  std::optional<license_changes> changes;  // where it is released; the order is to be kept with them
};
// `done`: when the same order was carried out, if it was.
decided_release decide(const slot_release& release, const license_facts& facts, std::optional<instant> done,
                       instant now);

// The account as it becomes; nothing where the use does not count or tells nothing new.
std::optional<license_account> decide(const slot_use& use, const license_facts& facts);

}  // namespace reinstate::service

#endif
