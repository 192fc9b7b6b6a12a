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

// When the license may be released again; in the past, or nothing, where that is now.
std::optional<instant> releasable_from(const owned_slot& slot, const service_policy& policy) {
  if (!slot.last_release) return std::nullopt;
  return *slot.last_release + policy.release_cool_down;
}

// Adds one place of a machine to what is told of that machine.
void add_slot(managed_machine& to, const owned_slot& slot, const service_policy& policy, instant now) {
  if (to.licenses == 0 || slot.first < to.first_restore) to.first_restore = slot.first;
  if (to.licenses == 0 || slot.last >= to.last_restore) {
    to.last_restore = slot.last;
    if (!slot.machine_name.empty()) to.name = slot.machine_name;
  }
  if (to.name.empty()) to.name = slot.machine_name;
  ++to.licenses;
  const auto from = releasable_from(slot, policy);
  if (from && *from > now) to.releasable_from = std::max(to.releasable_from.value_or(*from), *from);
}

// The licenses that an order is about: those of the machine, or where it was carried out before, those it was about
// then. Errors: machine_not_found, release_too_soon.
result<std::vector<license_id>> licenses_of(const std::vector<owned_slot>& slots, const machine_id& machine,
                                            const std::array<std::byte, 16>& order, const service_policy& policy,
                                            instant now) {
  std::vector<license_id> there, done;
  bool too_soon = false;
  for (const owned_slot& slot : slots) {
    if (slot.machine != machine) continue;
    if (slot.released_by == order) done.push_back(slot.license);
    if (slot.released_by) continue;
    there.push_back(slot.license);
    too_soon = too_soon || releasable_from(slot, policy) > now;
  }
  if (!done.empty()) return done;
  if (there.empty()) return errc::machine_not_found;
  if (too_soon) return errc::release_too_soon;  // all of a machine or nothing: half a release helps nobody
  return there;
}

}  // namespace

struct service_desk::state {
  parts from;
  issuer_shelf shelf;
};

service_desk::service_desk(parts from) : state_(std::make_unique<state>()) {
  from.about.key = from.keys->public_key();
  state_->from = std::move(from);
}

service_desk::~service_desk() = default;

const service_description& service_desk::description() const noexcept {
  return state_->from.about;
}

const service_policy& service_desk::policy() const noexcept {
  return state_->from.policy;
}

reinstate::ledger& service_desk::ledger() const noexcept {
  return *state_->from.ledger;
}

instant service_desk::now() const {
  if (state_->from.clock) return state_->from.clock();
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

result<sealed_restore_answer> service_desk::decide(const service_caller& caller, const restore_request& request) {
  const auto book = state_->shelf.book(ledger());
  if (!book) return book.error();
  return decide_restore(state_->from, *book, caller, request, now());
}

result<void> service_desk::report(const service_caller& caller, const std::vector<use_report>& uses) {
  if (uses.size() > restore_request::max_licenses) return errc::invalid_argument;
  const auto book = state_->shelf.book(ledger());
  if (!book) return book.error();
  std::vector<slot_use> known;
  for (const use_report& use : uses) {
    const auto rights = parse_statement(use.statement);
    // One that counts for nothing must not keep the others from counting.
    if (!rights || !book->knows(rights->statement.issuer, rights->by)) continue;
    known.push_back({rights->statement.id, caller.machine, plausible(use.state, rights->statement)});
  }
  return known.empty() ? result<void>() : ledger().report(known);
}

result<machine_list> service_desk::machines(const service_caller& caller, const owner_proof& owner) {
  const auto checked = check_proof(owner, owner_action::list_machines, caller.machine, *state_->from.keys);
  if (!checked) return checked.error();
  const auto tolerance = policy().clock_tolerance;
  const instant at = now();
  if (owner.created < at - tolerance || owner.created > at + tolerance) return errc::service_clock_differs;
  return machines_of(owner.recipient);
}

result<release_receipt> service_desk::release(const service_caller& caller, const owner_proof& order) {
  const auto checked = check_proof(order, owner_action::release, caller.machine, *state_->from.keys);
  if (!checked) return checked.error();
  const instant at = now();
  if (order.created > at + policy().clock_tolerance) return errc::service_clock_differs;
  if (order.created < at - policy().order_lifetime) return errc::ownership_not_proven;  // a new proof will do
  return release_for(order.recipient, order.subject, order.id);
}

std::string service_desk::make_ticket(const x25519_public_key& owner) const {
  return make_page_ticket(state_->from.keys->ticket(), owner, now() + policy().ticket_lifetime);
}

result<x25519_public_key> service_desk::read_ticket(std::string_view ticket) const {
  return read_page_ticket(state_->from.keys->ticket(), ticket, now());
}

result<machine_list> service_desk::machines_of(const x25519_public_key& owner) {
  const auto slots = ledger().slots_of(owner);
  if (!slots) return slots.error();
  machine_list out;
  std::map<machine_id, managed_machine> machines;
  const instant at = now();
  for (const owned_slot& slot : *slots) {
    out.limit = out.limit == 0 ? slot.limit : std::min(out.limit, slot.limit);
    if (slot.released_by) continue;
    managed_machine& machine = machines[slot.machine];
    machine.id = slot.machine;
    add_slot(machine, slot, policy(), at);
  }
  for (auto& [id, machine] : machines) out.machines.push_back(std::move(machine));
  std::ranges::stable_sort(out.machines, {}, &managed_machine::first_restore);
  return out;
}

result<release_receipt> service_desk::release_for(const x25519_public_key& owner, const machine_id& machine,
                                                  const std::array<std::byte, 16>& order) {
  const auto slots = ledger().slots_of(owner);
  if (!slots) return slots.error();
  const instant at = now();
  const auto licenses = licenses_of(*slots, machine, order, policy(), at);
  if (!licenses) return licenses.error();
  std::vector<slot_release> releases;
  for (const license_id& license : *licenses)
    releases.push_back({license, machine, order, policy().release_cool_down, false});
  const auto outcomes = ledger().release(releases, at);
  if (!outcomes) return outcomes.error();

  release_receipt out;
  bool too_soon = false;
  for (const release_outcome& one : *outcomes) {
    too_soon = too_soon || one.what == release_result::too_soon;
    if (one.what != release_result::released && one.what != release_result::already_released) continue;
    ++out.licenses;
    out.next_release = std::max(out.next_release, one.next_release);
  }
  // Others may have been faster since the places were listed.
  if (out.licenses == 0) return too_soon ? errc::release_too_soon : errc::machine_not_found;
  return out;
}

}  // namespace reinstate
