// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_CONTENT_KEY_HPP
#define REINSTATE_IMPORT_CONTENT_KEY_HPP

#include <reinstate/license_store.hpp>

#include <chrono>

namespace reinstate {

// Whether a license permits playing at `now`: success, license_not_started, license_expired or license_used_up.
error_code check_playable(const license& item, std::chrono::system_clock::time_point now) noexcept;

// The 16-byte content key that opens media of key id `key`, for a player: that of the first license, in the order of
// license ids, which permits playing at `now` and opens here; a leaf only beside its root (`license::root`), whose own
// dates and uses are not looked at. It is not counted as a use: a player that counts puts the license back with one use
// less. No other payload is opened.
//
// Lifetime: the key is the caller's, in locked memory. Keep it no longer than playing takes.
// Errors: where no license gives a key, the first of these that is true of one of them:
//   license_not_started, license_expired, license_used_up   its issuer does not permit it now;
//   license_chain_broken                                    it is a leaf, and its root is not in the store;
//   content_key_unavailable                                 its format keeps the key for another program;
//   license_damaged                                         it does not open;
// license_not_found where there is none of this key id; those of the store. Throws std::bad_alloc.
result<secret_bytes> content_key(license_store& store, const key_id& key,
                                 std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace reinstate

#endif
