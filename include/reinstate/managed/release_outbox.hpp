// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_RELEASE_OUTBOX_HPP
#define REINSTATE_MANAGED_RELEASE_OUTBOX_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/note_store.hpp>

#include <cstddef>
#include <stop_token>
#include <vector>

// Releases that were made while the service could not be reached, kept in a store until it has acknowledged them. A
// restore sends them before it asks for licenses.

namespace reinstate {

// At most 64 wait. Errors: invalid_argument where the proof is not for a release or no more fit, and those of the
// notes.
result<void> queue_release(note_store& notes, const service_key& to, const owner_proof& order);

result<std::vector<owner_proof>> queued_releases(note_store& notes, const service_key& to);

// What became of what waited.
struct sent_releases {
  std::size_t acknowledged = 0;
  std::size_t refused = 0;  // and dropped: a later attempt would be refused as well
  std::size_t waiting = 0;  // too soon, or the service could not be reached
};

// Sends what waits for this service. A service that cannot be reached is no error.
// Errors: operation_canceled, and those of the notes.
result<sent_releases> send_queued_releases(note_store& notes, license_management_service& service,
                                           std::stop_token stop);

}  // namespace reinstate

#endif
