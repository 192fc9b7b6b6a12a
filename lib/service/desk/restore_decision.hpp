// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_DESK_RESTORE_DECISION_HPP
#define REINSTATE_SERVICE_DESK_RESTORE_DECISION_HPP

#include "service/desk/issuer_book.hpp"

#include <reinstate/service/service_desk.hpp>

#include <chrono>

namespace reinstate::service {

// What a state may be where it comes from a machine: no more uses than were issued, no instant that no calendar has.
license_state plausible(license_state state, const rights_statement& issued) noexcept;

// Whether the proof is right, for this, and made by the machine that shows it. Its age is for the caller to see.
// Errors: ownership_not_proven.
result<void> check_proof(const owner_proof& proof, owner_action action, const machine_id& asking,
                         const service_keys& keys);

// Decides one request: first what can be seen from it, then what the ledger has about it. `now` decides whatever has to
// do with time: the clock of a machine counts for nothing. [C138]
// Errors: invalid_argument, and those of the ledger.
result<sealed_restore_answer> decide_restore(const service_desk::parts& desk, const issuer_book& book,
                                             const service_caller& caller, const restore_request& request,
                                             std::chrono::sys_seconds now);

}  // namespace reinstate::service

#endif
