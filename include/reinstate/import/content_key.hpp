// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_CONTENT_KEY_HPP
#define REINSTATE_IMPORT_CONTENT_KEY_HPP

#include <reinstate/license_store.hpp>

#include <chrono>

namespace reinstate {

// Checks whether a license permits playing at `now`. Returns success, license_not_started, license_expired or
// license_used_up.
error_code check_playable(const license& item, std::chrono::system_clock::time_point now) noexcept;

// Returns the 16-byte content key that opens media of key id `key`, for a player. Takes it from the first license, in
// ascending order of license id, that permits playing at `now` and can be opened here. A leaf also needs its root
// (`license::root`) in the store; the root's own dates and uses are not checked. Does not count as a use: a player that
// counts uses stores the license again with one use less. Opens no other payload.
//
// Lifetime: the caller owns the key, which is in locked memory. Keep it no longer than playing takes.
// Errors: if no license yields a key, the first of these that applies to any of them:
//   license_not_started, license_expired, license_used_up   its issuer does not permit playing now;
//   license_chain_broken                                    it is a leaf, and its root is not in the store;
//   content_key_unavailable                                 its format reserves the key for another program;
//   license_damaged                                         it cannot be opened;
// license_not_found if no license has this key id; those of the store. Throws std::bad_alloc.
result<secret_bytes> content_key(license_store& store, const key_id& key,
                                 std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace reinstate

#endif
