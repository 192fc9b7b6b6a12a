// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_KEYRING_HPP
#define REINSTATE_RECOVERY_KEYRING_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <optional>
#include <string>

// A library of its own, reinstate::keyring, which needs libsecret.
//
// Keeps a secret of a backup set in the key store of the user's session: the Secret Service of freedesktop, which GNOME
// Keyring, KWallet and KeePassXC are. The secret is as safe there as the user's password, and every program of the user
// can ask for it while the store is unlocked.
//
// A locked store asks the user for his password, in a window of its own, and the call waits for him until the time
// limit ends: call these where blocking is fine, such as on the `work` executor. The window can stay open after that;
// what the user answers then is for the next call.
//
// Each call opens a connection to the session bus of its own and closes it: nothing is kept between two calls, and a
// bus that goes away does no harm. GLib may start threads of its own, and ends the process where memory runs out.
//
// Thread safety: all of this can be called from any thread.
//
// Errors, of each: keyring_unavailable where there is no session bus or no key store, where it stays locked, or where
// the time limit ended; invalid_argument for an entry whose set is no such id.

namespace reinstate {

// Names what is kept. The attributes in the key store are application = "reinstate" and set.
struct keyring_entry {
  std::string set;  // the id of the backup set: 32 hexadecimal digits, lower case
};

// How long one call may take, with the time a person needs to type a password.
inline constexpr std::chrono::milliseconds keyring_time_limit = std::chrono::minutes(2);

// Keeps the secret, a text such as "AGE-SECRET-KEY-1...", in the user's default collection. Replaces one that is there.
// The user's keyring program shows it as "Recovery key of the backup set" and the id.
// Errors: invalid_argument for an empty secret too.
result<void> keyring_store(const keyring_entry& which, const secret_bytes& secret,
                           std::chrono::milliseconds time_limit = keyring_time_limit);

// The secret in fenced memory, or nothing where none is kept.
result<std::optional<secret_bytes>> keyring_find(const keyring_entry& which,
                                                 std::chrono::milliseconds time_limit = keyring_time_limit);

// Removes the secret wherever it is kept; success where none is.
result<void> keyring_erase(const keyring_entry& which, std::chrono::milliseconds time_limit = keyring_time_limit);

}  // namespace reinstate

#endif
