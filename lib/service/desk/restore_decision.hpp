// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_DESK_RESTORE_DECISION_HPP
#define REINSTATE_SERVICE_DESK_RESTORE_DECISION_HPP

#include "service/desk/issuer_book.hpp"

#include <reinstate/service/service_desk.hpp>

#include <chrono>

namespace reinstate::service {

// Returns a machine's reported state, limited to plausible values: no more uses than were issued, and no instant
// outside of the calendar.
license_state plausible(license_state state, const rights_statement& issued) noexcept;

// Checks that a proof is valid, is for this action, and was made by the machine that sent it. The caller checks its
// age. Errors: ownership_not_proven.
result<void> check_proof(const owner_proof& proof, owner_action action, const machine_id& asking,
                         const service_keys& keys);

// Decides one request: first by its content, then by the ledger. Times are judged by `now`, never by the clock of a
// machine. [C138]
// Errors: invalid_argument, and those of the ledger.
result<sealed_restore_answer> decide_restore(const service_desk::parts& desk, const issuer_book& issuers,
                                             const service_caller& caller, const restore_request& request,
                                             std::chrono::sys_seconds now);

}  // namespace reinstate::service

#endif
