// SPDX-License-Identifier: BSL-1.0
#include "secrets.hpp"

#include "passphrase.hpp"
#include "secret_input.hpp"
#include "session_keyring.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <utility>

namespace tool {

using reinstate::errc;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

result<void> secrets::take(std::string& where) {
  where = what_.passphrase_file;
  auto passphrase = given_passphrase(what_.passphrase_file);
  if (!passphrase) return passphrase.error();
  passphrase_ = std::move(*passphrase);
  if (what_.identity_file.empty()) return {};
  where = what_.identity_file.string();
  auto identity = read_identity(what_.identity_file);
  if (!identity) return identity.error();
  identity_ = std::move(*identity);
  return {};
}

// What opens a backup, its form tells: an identity answers both questions. A passphrase does not.
const std::optional<secret_bytes>& secrets::given_for(passphrase_purpose purpose) const {
  const bool takes_identity = purpose != passphrase_purpose::protect && identity_;
  return purpose == passphrase_purpose::identity || (takes_identity && !passphrase_) ? identity_ : passphrase_;
}

bool secrets::will_ask(passphrase_purpose purpose) const {
  return !given_for(purpose) && (purpose == passphrase_purpose::protect || !what_.opens_with_keyring());
}

result<secret_bytes> secrets::from_keyring() const {
  auto medium = reinstate::open_directory_medium(what_.path);
  if (!medium) return medium.error();
  auto found = find_in_keyring(**medium);
  if (!found) return found.error();
  if (!*found) return errc::no_key_for_backup;
  return std::move(**found);
}

result<secret_bytes> secrets::answer(passphrase_purpose purpose, const interrupt& stop) {
  auto text = given_for(purpose)  ? result<secret_bytes>(given_for(purpose)->clone())
              : will_ask(purpose) ? ask_passphrase(purpose, stop)
                                  : from_keyring();
  if (text && purpose == passphrase_purpose::open && reinstate::looks_like_recovery_code(text_of(*text)))
    mistyped_group_ = reinstate::mistyped_group(text_of(*text));
  return text;
}

}  // namespace tool
