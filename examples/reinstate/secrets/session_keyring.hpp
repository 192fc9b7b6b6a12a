// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SESSION_KEYRING_HPP
#define REINSTATE_TOOL_SESSION_KEYRING_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/secret_bytes.hpp>

#include <optional>

namespace tool {

// True if the tool is built with reinstate::keyring. Otherwise the functions below return keyring_unavailable.
#ifdef REINSTATE_TOOL_KEYRING
inline constexpr bool has_keyring = true;
#else
inline constexpr bool has_keyring = false;
#endif

// Find, store or erase the secret in the keyring of the user's session for the set of the newest backup on a medium.
// find_in_keyring returns nullopt if there is none.
// Errors: keyring_unavailable, and those of inspect_backup.
reinstate::result<std::optional<reinstate::secret_bytes>> find_in_keyring(reinstate::backup_medium& medium);
reinstate::result<void> put_into_keyring(reinstate::backup_medium& medium, const reinstate::secret_bytes& secret);
reinstate::result<void> erase_from_keyring(reinstate::backup_medium& medium);

}  // namespace tool

#endif
