// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_LEDGER_ASKING_HPP
#define REINSTATE_TESTING_LEDGER_ASKING_HPP

#include "testing/license_sample.hpp"

#include <reinstate/testing/ledger_suite.hpp>

#include <string>
#include <vector>

// Calls to a ledger, for the checks of ledger_suite.cpp.

namespace reinstate::testing::ledger_calls {

using namespace std::chrono_literals;

using instant = std::chrono::sys_seconds;

inline constexpr instant noon{1'800'000'000s};
inline constexpr auto week = std::chrono::seconds(24h * 7);

// --- requests ---

inline std::array<std::byte, 32> key_of(std::uint8_t number) {
  std::array<std::byte, 32> key{};
  key.front() = std::byte{number};
  key.back() = std::byte{1};
  return key;
}

// Returns the claim of machine `number` for license 1, which machine 1 backed up.
inline slot_claim claim_of(std::uint8_t number) {
  slot_claim out;
  out.license = id_of(1);
  out.machine = key_of(number);
  out.origin = key_of(1);
  return out;
}

inline slot_claim owned_claim(std::uint8_t number, std::uint8_t owner) {
  slot_claim out = claim_of(number);
  out.owner = key_of(owner);
  return out;
}

inline slot_claim take_over(std::uint8_t number) {
  slot_claim out = owned_claim(number, 50);
  out.take_over_origin = true;
  out.takeover_period = week;
  return out;
}

inline slot_release release_of(std::uint8_t number, std::uint8_t order) {
  slot_release out;
  out.license = id_of(1);
  out.machine = key_of(number);
  out.order.fill(std::byte{order});
  out.cool_down = week;
  return out;
}

inline license_state state_of(std::optional<std::uint64_t> uses, std::optional<instant> first = {}) {
  return {uses, first};
}

// --- the ledger; every error is a contract violation ---

using ledger_ptr = std::unique_ptr<ledger>;

inline ledger_ptr make_ledger(const ledger_factory& make) {
  return require_value(make(), "a ledger can be made");
}

inline claim_outcome claim_one(ledger& subject, const slot_claim& claim, instant now = noon) {
  const auto out = require_value(subject.claim({&claim, 1}, now), "a license can be claimed");
  require(out.size() == 1, "each claim has one outcome");
  return out.front();
}

inline claim_result result_of(ledger& subject, const slot_claim& claim, instant now = noon) {
  return claim_one(subject, claim, now).decision;
}

inline release_outcome release(ledger& subject, const slot_release& order, instant now = noon) {
  const auto out = require_value(subject.release({&order, 1}, now), "a machine can be released");
  require(out.size() == 1, "each release has one outcome");
  return out.front();
}

inline void report_use(ledger& subject, std::uint8_t machine, const license_state& state) {
  const slot_use entry{id_of(1), key_of(machine), state};
  require_value(subject.report({&entry, 1}), "a use can be reported");
}

inline std::vector<owned_slot> slots_of(ledger& subject, std::uint8_t owner) {
  return require_value(subject.slots_of(key_of(owner)), "the machine slots of an owner can be listed");
}

inline std::vector<std::string> audit_trail(ledger& subject, std::uint64_t after = 0, std::size_t count = 1'000) {
  std::vector<std::string> out;
  for (const audit_entry& entry : require_value(subject.records().audit(after, count), "the audit trail can be read"))
    out.push_back(entry.event);
  return out;
}

// Fills machine slots for machine 1, the origin, to machine `last`.
inline void fill_slots(ledger& subject, std::uint8_t last) {
  for (std::uint8_t number = 2; number <= last; ++number)
    require(result_of(subject, owned_claim(number, 50)) == claim_result::taken,
            "a new machine takes a machine slot [C94]");
}

}  // namespace reinstate::testing::ledger_calls

#endif
