// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_MANAGED_RELEASE_OUTBOX_NOTE_HPP
#define REINSTATE_MANAGED_RELEASE_OUTBOX_NOTE_HPP

#include "crypto/bytes.hpp"

#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/note_store.hpp>

#include <cstddef>
#include <vector>

// The releases that wait for one service, as the bytes of a note: a CBOR map of 1: version, 2: an array of owner
// proofs, each as its bytes. The note is neither sent to a service nor part of a backup.

namespace reinstate::managed {

inline constexpr std::size_t max_orders = 64;

note_store::document write_orders(const std::vector<owner_proof>& orders);

// Errors: store_damaged, store_version_unsupported. Throws std::bad_alloc.
result<std::vector<owner_proof>> read_orders(crypto::byte_span note);

}  // namespace reinstate::managed

#endif
