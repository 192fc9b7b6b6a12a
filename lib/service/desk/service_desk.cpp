// SPDX-License-Identifier: BSL-1.0
#include "service/desk/issuer_book.hpp"
#include "service/desk/page_ticket.hpp"
#include "service/desk/restore_decision.hpp"

#include <reinstate/service/service_desk.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace reinstate {
namespace {

using namespace service;

using instant = std::chrono::sys_seconds;

// Returns when the license may be released again. In the past, or nullopt: at once.
std::optional<instant> releasable_from(const owned_slot& slot, const service_policy& policy) {
  if (!slot.last_release) return std::nullopt;
  return *slot.last_release + policy.release_cool_down;
}

// Adds one slot of a machine to the description of that machine.
void add_slot(managed_machine& machine, const owned_slot& slot, const service_policy& policy, instant now) {
  if (machine.licenses == 0 || slot.first < machine.first_restore) machine.first_restore = slot.first;
  if (machine.licenses == 0 || slot.last >= machine.last_restore) {
    machine.last_restore = slot.last;
    if (!slot.machine_name.empty()) machine.name = slot.machine_name;
  }
  if (machine.name.empty()) machine.name = slot.machine_name;
  ++machine.licenses;
  const auto next_release = releasable_from(slot, policy);
  if (next_release && *next_release > now)
    machine.releasable_from = std::max(machine.releasable_from.value_or(*next_release), *next_release);
}

// Returns the licenses that an order concerns: those of the machine, or if the order was carried out before, those that
// it released then. Errors: machine_not_found, release_too_soon.
result<std::vector<license_id>> licenses_of(const std::vector<owned_slot>& slots, const machine_id& machine,
                                            const std::array<std::byte, 16>& order, const service_policy& policy,
                                            instant now) {
  std::vector<license_id> held, released;
  bool too_soon = false;
  for (const owned_slot& slot : slots) {
    if (slot.machine != machine) continue;
    if (slot.released_by == order) released.push_back(slot.license);
    if (slot.released_by) continue;
    held.push_back(slot.license);
    too_soon = too_soon || releasable_from(slot, policy) > now;
  }
  if (!released.empty()) return released;
  if (held.empty()) return errc::machine_not_found;
  if (too_soon) return errc::release_too_soon;  // all licenses of a machine or none: a partial release is of no use
  return held;
}

}  // namespace

struct service_desk::state {
  service_desk::parts parts;
  issuer_cache issuers;
};

service_desk::service_desk(parts parts) : state_(std::make_unique<state>()) {
  parts.description.key = parts.keys->public_key();
  state_->parts = std::move(parts);
}

service_desk::~service_desk() = default;

const service_description& service_desk::description() const noexcept {
  return state_->parts.description;
}

const service_policy& service_desk::policy() const noexcept {
  return state_->parts.policy;
}

reinstate::ledger& service_desk::ledger() const noexcept {
  return *state_->parts.ledger;
}

instant service_desk::now() const {
  if (state_->parts.clock) return state_->parts.clock();
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

result<sealed_restore_answer> service_desk::decide(const service_caller& caller, const restore_request& request) {
  const auto issuers = state_->issuers.current(ledger());
  if (!issuers) return issuers.error();
  return decide_restore(state_->parts, *issuers, caller, request, now());
}

result<void> service_desk::report(const service_caller& caller, const std::vector<use_report>& uses) {
  if (uses.size() > restore_request::max_licenses) return errc::invalid_argument;
  const auto issuers = state_->issuers.current(ledger());
  if (!issuers) return issuers.error();
  std::vector<slot_use> accepted;
  for (const use_report& use : uses) {
    const auto rights = parse_statement(use.statement);
    // An invalid report must not prevent the others from being recorded.
    if (!rights || !issuers->knows(rights->statement.issuer, rights->signer)) continue;
    accepted.push_back({rights->statement.id, caller.machine, plausible(use.state, rights->statement)});
  }
  return accepted.empty() ? result<void>() : ledger().report(accepted);
}

result<machine_list> service_desk::machines(const service_caller& caller, const owner_proof& owner) {
  const auto checked = check_proof(owner, owner_action::list_machines, caller.machine, *state_->parts.keys);
  if (!checked) return checked.error();
  const auto tolerance = policy().clock_tolerance;
  const instant time = now();
  if (owner.created < time - tolerance || owner.created > time + tolerance) return errc::service_clock_differs;
  return machines_of(owner.recipient);
}

result<release_receipt> service_desk::release(const service_caller& caller, const owner_proof& order) {
  const auto checked = check_proof(order, owner_action::release, caller.machine, *state_->parts.keys);
  if (!checked) return checked.error();
  const instant time = now();
  if (order.created > time + policy().clock_tolerance) return errc::service_clock_differs;
  if (order.created < time - policy().order_lifetime)
    return errc::ownership_not_proven;  // the owner can make a new proof
  return release_for(order.recipient, order.target, order.id);
}

std::string service_desk::make_ticket(const x25519_public_key& owner) const {
  return make_page_ticket(state_->parts.keys->ticket(), owner, now() + policy().ticket_lifetime);
}

result<x25519_public_key> service_desk::read_ticket(std::string_view ticket) const {
  return read_page_ticket(state_->parts.keys->ticket(), ticket, now());
}

result<machine_list> service_desk::machines_of(const x25519_public_key& owner) {
  const auto slots = ledger().slots_of(owner);
  if (!slots) return slots.error();
  machine_list out;
  std::map<machine_id, managed_machine> machines;
  const instant time = now();
  for (const owned_slot& slot : *slots) {
    out.limit = out.limit == 0 ? slot.limit : std::min(out.limit, slot.limit);
    if (slot.released_by) continue;
    managed_machine& machine = machines[slot.machine];
    machine.id = slot.machine;
    add_slot(machine, slot, policy(), time);
  }
  for (auto& [id, machine] : machines) out.machines.push_back(std::move(machine));
  std::ranges::stable_sort(out.machines, {}, &managed_machine::first_restore);
  return out;
}

result<release_receipt> service_desk::release_for(const x25519_public_key& owner, const machine_id& machine,
                                                  const std::array<std::byte, 16>& order) {
  const auto slots = ledger().slots_of(owner);
  if (!slots) return slots.error();
  const instant time = now();
  const auto licenses = licenses_of(*slots, machine, order, policy(), time);
  if (!licenses) return licenses.error();
  std::vector<slot_release> releases;
  for (const license_id& license : *licenses)
    releases.push_back({license, machine, order, policy().release_cool_down, false});
  const auto outcomes = ledger().release(releases, time);
  if (!outcomes) return outcomes.error();

  release_receipt out;
  bool too_soon = false;
  for (const release_outcome& outcome : *outcomes) {
    too_soon = too_soon || outcome.decision == release_result::too_soon;
    if (outcome.decision != release_result::released && outcome.decision != release_result::already_released) continue;
    ++out.licenses;
    out.next_release = std::max(out.next_release, outcome.next_release);
  }
  // Concurrent requests may have changed the slots since they were listed.
  if (out.licenses == 0) return too_soon ? errc::release_too_soon : errc::machine_not_found;
  return out;
}

}  // namespace reinstate
