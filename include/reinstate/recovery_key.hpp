// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_KEY_HPP
#define REINSTATE_RECOVERY_KEY_HPP

#include <string_view>

namespace reinstate {

// How the recovery key of a backup set is kept on the medium: what opens the backup on another machine.
enum class recovery_key_storage {
  passphrase,  // encrypted with a passphrase
  recipient,   // encrypted to an age recipient, who opens it with his identity
  readable,    // in the open: whoever holds the folder can read the licenses, and needs nothing else
};

// Whether a text is an age public key: "age1...", for X25519. [c2sp.org/age]
bool is_age_recipient(std::string_view text);

}  // namespace reinstate

#endif
