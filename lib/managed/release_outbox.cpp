// SPDX-License-Identifier: BSL-1.0
#include <reinstate/managed/release_outbox.hpp>

#include "crypto/hash.hpp"
#include "managed/release_outbox_note.hpp"

#include <algorithm>
#include <string>

namespace reinstate {
namespace {

using document = note_store::document;

// Returns the name of the note of a service: "releases/" and the start of the digest of its keys.
std::string note_name_of(const service_key& key) {
  crypto::hasher hasher;
  hasher.update(key.agreement);
  hasher.update(key.signing);
  const crypto::digest digest = hasher.finish();
  key_id start;
  std::copy_n(digest.begin(), start.bytes.size(), start.bytes.begin());
  return "releases/" + to_string(start);
}

result<std::vector<owner_proof>> orders_in(const std::optional<document>& note) {
  return note ? managed::read_orders(*note) : std::vector<owner_proof>();
}

// Removes one order, and keeps those that were added meanwhile.
result<void> remove_order(note_store& notes, const service_key& key, const owner_proof& order) {
  return notes.update(note_name_of(key), [&](const std::optional<document>& note) -> result<std::optional<document>> {
    auto kept = orders_in(note);
    if (!kept) return kept.error();
    if (std::erase(*kept, order) == 0) return std::optional<document>();
    return kept->empty() ? document() : managed::write_orders(*kept);
  });
}

// Returns true if a later attempt would be refused as well.
bool is_final(const error_code& error) noexcept {
  return error == errc::ownership_not_proven || error == errc::machine_not_found || error == errc::invalid_argument;
}

}  // namespace

result<void> queue_release(note_store& notes, const service_key& key, const owner_proof& order) {
  if (order.action != owner_action::release) return errc::invalid_argument;
  return notes.update(note_name_of(key), [&](const std::optional<document>& note) -> result<std::optional<document>> {
    auto kept = orders_in(note);
    if (!kept) return kept.error();
    if (std::ranges::find(*kept, order) != kept->end()) return std::optional<document>();
    if (kept->size() == managed::max_orders) return errc::invalid_argument;
    kept->push_back(order);
    return managed::write_orders(*kept);
  });
}

result<std::vector<owner_proof>> queued_releases(note_store& notes, const service_key& key) {
  const auto note = notes.read(note_name_of(key));
  if (!note) return note.error();
  return orders_in(*note);
}

result<sent_releases> send_queued_releases(note_store& notes, license_management_service& service,
                                           std::stop_token stop) {
  const service_key& key = service.description().key;
  const auto orders = queued_releases(notes, key);
  if (!orders) return orders.error();
  sent_releases out;
  bool is_reachable = true;
  for (const owner_proof& order : *orders) {
    if (stop.stop_requested()) return errc::operation_canceled;
    const auto receipt = is_reachable ? service.release(order, stop) : errc::service_unavailable;
    if (!receipt && receipt.error() == errc::operation_canceled) return receipt.error();
    if (!receipt && !is_final(receipt.error())) {
      is_reachable = is_reachable && receipt.error() == errc::release_too_soon;
      ++out.waiting;
      continue;
    }
    // Removed only after the answer: an order whose removal was interrupted is sent again, and gets the same answer.
    if (const auto dropped = remove_order(notes, key, order); !dropped) return dropped.error();
    ++(receipt ? out.acknowledged : out.refused);
  }
  return out;
}

}  // namespace reinstate
