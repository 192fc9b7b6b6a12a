// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_KEYRING_HPP
#define REINSTATE_RECOVERY_KEYRING_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <optional>
#include <string>

// Keeps a secret of a backup set in the key store of the user's session: the freedesktop Secret Service, provided by
// GNOME Keyring, KWallet and KeePassXC. A separate library, reinstate::keyring, which needs libsecret.
//
// The secret is as safe there as the user's password, and every program of the user can read it while the key store is
// unlocked.
//
// A locked key store asks the user for their password in a window of its own, and the call waits for the answer until
// the time limit ends: call these functions where blocking is fine, such as on the `work` executor. The window may stay
// open after that; the user's answer then benefits the next call.
//
// Each call opens and closes its own connection to the session bus: nothing is kept between calls, and a bus that goes
// away does no harm. GLib may start threads of its own, and ends the process if memory runs out.
//
// Thread safety: any function from any thread.
//
// Errors of every function: keyring_unavailable if there is no session bus or no key store, if it stays locked, or if
// the time limit ended; invalid_argument for an entry whose set is not a set id.

namespace reinstate {

// Identifies a secret. The attributes in the key store are application = "reinstate" and set.
struct keyring_entry {
  std::string set;  // the id of the backup set: 32 hexadecimal digits, lower case
};

// Default time limit of a call, including the time the user needs to type a password.
inline constexpr std::chrono::milliseconds keyring_time_limit = std::chrono::minutes(2);

// Stores the secret, a text such as "AGE-SECRET-KEY-1...", in the user's default collection, replacing one that exists.
// The user's keyring program shows it as "Recovery key of the backup set" and the id.
// Errors: also invalid_argument for an empty secret.
result<void> keyring_store(const keyring_entry& entry, const secret_bytes& secret,
                           std::chrono::milliseconds time_limit = keyring_time_limit);

// Returns the secret in fenced memory, or nullopt if none is stored.
result<std::optional<secret_bytes>> keyring_find(const keyring_entry& entry,
                                                 std::chrono::milliseconds time_limit = keyring_time_limit);

// Removes the secret from every collection. Returns success if there is none.
result<void> keyring_erase(const keyring_entry& entry, std::chrono::milliseconds time_limit = keyring_time_limit);

}  // namespace reinstate

#endif
