// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_RECOVERY_KEY_HPP
#define REINSTATE_RECOVERY_RECOVERY_KEY_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace reinstate {

// How the recovery key of a new backup set is stored on the medium, which decides what opens the backup on another
// machine. More ways can be added to a protected set later, see key_slots.hpp.
enum class recovery_key_storage {
  passphrase,  // encrypted with a passphrase
  recipient,   // encrypted to an age recipient, who opens it with their identity
  readable,    // in the clear: read access to the folder is enough to read the licenses
};

// The secret that opens a key slot, which is one of the files that hold the recovery key of a set.
enum class slot_kind {
  passphrase,
  code,       // a printed recovery code, see recovery_code.hpp
  recipient,  // an age recipient: another person, or a key kept elsewhere
  key_file,   // a file with an age identity, made for this purpose
  keyring,    // an age identity in the key store of the user's session
  machine,    // the machine that began the set: lets its owner add a slot after every other secret is lost
  readable,   // none: the key is in the clear; only in a set that began as readable
};

// The purpose that a passphrase is requested for.
enum class passphrase_purpose {
  protect,   // a new backup set: this passphrase will open it on any machine
  open,      // a backup that this machine cannot open by itself, protected by a passphrase or a recovery code
  identity,  // a backup that only age identities open: one of them, the text AGE-SECRET-KEY-1... or a whole key file
};

// Returns a passphrase. Called only if one is needed, on the `work` executor of an operation or in the thread of a
// synchronous call, and may block. For `open` and `identity`, any text that opens the backup will do: its passphrase,
// its recovery code, or an age identity; the kind is recognized by its form. An empty passphrase is refused with
// errc::passphrase_empty; an error returned from here ends the operation.
using passphrase_source = std::function<result<secret_bytes>(passphrase_purpose)>;

// Returns true if a text is an age public key: "age1...", for X25519. [c2sp.org/age]
bool is_age_recipient(std::string_view text);

// An age key pair, as age-keygen makes it. [c2sp.org/age]
struct age_identity {
  secret_bytes secret;    // "AGE-SECRET-KEY-1...", in fenced memory: opens what is encrypted to `recipient`
  std::string recipient;  // "age1..."
};

// Returns a new key pair. Throws std::bad_alloc.
age_identity make_age_identity();

}  // namespace reinstate

#endif
