// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_RECOVERY_KEY_HPP
#define REINSTATE_RECOVERY_RECOVERY_KEY_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace reinstate {

// How the recovery key of a new backup set is kept on the medium: what opens the backup on another machine. Other ways
// can be added to a protected set later, see key_slots.hpp.
enum class recovery_key_storage {
  passphrase,  // encrypted with a passphrase
  recipient,   // encrypted to an age recipient, who opens it with his identity
  readable,    // in the open: whoever holds the folder can read the licenses, and needs nothing else
};

// What opens one slot of a set: one of the files that hold its recovery key.
enum class slot_kind {
  passphrase,
  code,       // a printed recovery code, see recovery_code.hpp
  recipient,  // an age recipient: somebody else, or a key that lies elsewhere
  key_file,   // a file with an age identity, made for this
  keyring,    // an age identity in the key store of the user's session
  machine,    // the machine that began the set: lets its owner add a slot when every other secret is lost
  readable,   // none: the key lies in the open. Of a set that began so, and of no other
};

// Why a passphrase is asked for.
enum class passphrase_purpose {
  protect,   // a new backup set: this passphrase will open it on any machine
  open,      // a backup that this machine cannot open by itself, kept with a passphrase or a recovery code
  identity,  // the same, kept for age identities only: one of them, the text AGE-SECRET-KEY-1... or a whole key file
};

// Asks for a passphrase. Called only when one is needed, on the `work` executor of an operation or in the thread of a
// synchronous call, and may block. To `open` and `identity` any text that opens the backup is an answer: its
// passphrase, its recovery code, or an age identity; what it is tells its form.
// An empty passphrase is refused with errc::passphrase_empty; an error returned from here ends the operation.
using passphrase_source = std::function<result<secret_bytes>(passphrase_purpose)>;

// Whether a text is an age public key: "age1...", for X25519. [c2sp.org/age]
bool is_age_recipient(std::string_view text);

// An age key of its own, as age-keygen makes them. [c2sp.org/age]
struct age_identity {
  secret_bytes secret;    // "AGE-SECRET-KEY-1...", in fenced memory: opens what is encrypted to `recipient`
  std::string recipient;  // "age1..."
};

// A new one. Throws std::bad_alloc.
age_identity make_age_identity();

}  // namespace reinstate

#endif
