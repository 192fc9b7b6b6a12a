// SPDX-License-Identifier: BSL-1.0
#include "secrets/secrets.hpp"

#include "secrets/passphrase.hpp"
#include "secrets/secret_input.hpp"
#include "secrets/session_keyring.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <utility>

namespace tool {

using reinstate::errc;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

secrets::secrets(const common_options& common, std::string backup_path, unlock_options options)
    : passphrase_file_(common.passphrase_file), backup_path_(std::move(backup_path)), options_(std::move(options)) {
}

result<void> secrets::load(error_location& location) {
  auto passphrase = given_passphrase(passphrase_file_);
  if (!passphrase) {
    location = {error_subject::input_file, passphrase_file_};
    return passphrase.error();
  }
  passphrase_ = std::move(*passphrase);
  if (options_.identity_file.empty()) return {};
  auto identity = read_identity(options_.identity_file);
  if (!identity) {
    location = {error_subject::input_file, options_.identity_file.string()};
    return identity.error();
  }
  identity_ = std::move(*identity);
  return {};
}

// An identity answers both questions of opening, since it can be told by its form; a passphrase answers only its own.
const std::optional<secret_bytes>& secrets::given_for(passphrase_purpose purpose) const {
  const bool accepts_identity = purpose != passphrase_purpose::protect && identity_;
  return purpose == passphrase_purpose::identity || (accepts_identity && !passphrase_) ? identity_ : passphrase_;
}

bool secrets::asks_user(passphrase_purpose purpose) const {
  return !given_for(purpose) && (purpose == passphrase_purpose::protect || !options_.keyring);
}

result<secret_bytes> secrets::read_keyring() const {
  auto medium = reinstate::open_directory_medium(backup_path_);
  if (!medium) return medium.error();
  auto found = find_in_keyring(**medium);
  if (!found) return found.error();
  if (!*found) return errc::no_key_for_backup;
  return std::move(**found);
}

result<secret_bytes> secrets::answer(passphrase_purpose purpose, const interrupt& stop) {
  auto secret = given_for(purpose)   ? result<secret_bytes>(given_for(purpose)->clone())
                : asks_user(purpose) ? ask_passphrase(purpose, stop)
                                     : read_keyring();
  if (secret && purpose == passphrase_purpose::open && reinstate::looks_like_recovery_code(text_of(*secret)))
    mistyped_group_ = reinstate::mistyped_group(text_of(*secret));
  return secret;
}

}  // namespace tool
