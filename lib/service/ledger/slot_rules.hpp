// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_SLOT_RULES_HPP
#define REINSTATE_SERVICE_LEDGER_SLOT_RULES_HPP

#include <reinstate/service/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The rules by which a ledger decides about one license: functions from the stored facts to the changes to store. All
// ledgers share them, so that they cannot differ. Nothing here reads or writes a ledger.

namespace reinstate::service {

using instant = std::chrono::sys_seconds;

// The stored state of one license, without its slots and owners.
struct license_account {
  license_state state;
  std::uint32_t limit = 0;
  std::optional<instant> last_release;
  std::vector<instant> takeovers;  // within the period, and so at most as many as permitted
  std::vector<instant> new_slots;  // slots taken within a day, if there is a daily limit
  std::optional<instant> last_noted_refusal;

  friend bool operator==(const license_account&, const license_account&) = default;
};

// The slot that one machine has of one license.
struct stored_slot {
  machine_id machine{};
  std::string name;
  instant first{}, last{};
};

// The facts that a decision about one license is based on.
struct license_facts {
  std::optional<license_account> account;  // nullopt: the license is new to the ledger
  std::uint32_t machines = 0;              // with a slot
  std::optional<stored_slot> own;          // the slot of the claiming machine, or of the one to release
  std::optional<stored_slot> of_origin;    // the slot of the origin; the same as `own` if that machine is the origin
  bool has_owner = false;                  // any owner
  bool knows_owner = false;                // the owner in the claim
};

struct audit_note {
  const char* event = "";
  machine_id machine{};
  std::string detail;
};

// The changes that a decision makes. The ledger stores them atomically.
struct license_changes {
  std::optional<license_account> account;
  std::vector<stored_slot> put;       // added, or replacing that of the same machine
  std::optional<machine_id> removed;  // removed after `put` is stored
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
  std::optional<license_changes> changes;  // nullopt: not released; otherwise the ledger stores the order with them
};
// `done`: when the same order was carried out; nullopt: never.
decided_release decide(const slot_release& release, const license_facts& facts, std::optional<instant> done,
                       instant now);

// Returns the changed account, or nullopt if the use does not count or changes nothing.
std::optional<license_account> decide(const slot_use& use, const license_facts& facts);

}  // namespace reinstate::service

#endif
