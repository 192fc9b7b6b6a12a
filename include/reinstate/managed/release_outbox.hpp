// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_RELEASE_OUTBOX_HPP
#define REINSTATE_MANAGED_RELEASE_OUTBOX_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/note_store.hpp>

#include <cstddef>
#include <stop_token>
#include <vector>

// Keeps releases that were made while the service could not be reached in a store, until the service has acknowledged
// them. A restore sends them before it requests licenses.

namespace reinstate {

// Queues a release; at most 64 can wait. Errors: invalid_argument if the proof is not for a release or the queue is
// full, and those of the notes.
result<void> queue_release(note_store& notes, const service_key& service, const owner_proof& order);

// Returns the queued releases for a service. Errors: those of the notes.
result<std::vector<owner_proof>> queued_releases(note_store& notes, const service_key& service);

// Counts of the queued releases after sending.
struct sent_releases {
  std::size_t acknowledged = 0;
  std::size_t refused = 0;  // refused and dropped: a later attempt would be refused as well
  std::size_t waiting = 0;  // too soon, or the service could not be reached
};

// Sends the queued releases for this service. A service that cannot be reached is not an error.
// Errors: operation_canceled, and those of the notes.
result<sent_releases> send_queued_releases(note_store& notes, license_management_service& service,
                                           std::stop_token stop);

}  // namespace reinstate

#endif
