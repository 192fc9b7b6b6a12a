// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SECRETS_HPP
#define REINSTATE_TOOL_SECRETS_HPP

#include "command_line/common_options.hpp"
#include "output/error_subject.hpp"
#include "terminal/interrupt.hpp"

#include <reinstate/recovery/recovery_key.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace tool {

// The ways to open an existing backup other than a passphrase and the key slot of this machine.
struct unlock_options {
  std::filesystem::path identity_file;  // empty: not given
  bool keyring = false;                 // open it with the key in the keyring of the user's session
};

// The secrets that open or protect a backup: from files and the environment, or else from the keyring of the session or
// the user.
class secrets {
 public:
  // `backup_path` is the folder of the backup, which the keyring is searched for.
  secrets(const common_options& common, std::string backup_path, unlock_options options);

  // Reads the secrets that were given in files or the environment. Sets `location` if this fails.
  // Errors: those of given_passphrase and read_identity.
  reinstate::result<void> load(error_location& location);

  bool has_passphrase() const { return passphrase_.has_value(); }

  // Returns true if answer() would ask the user.
  bool asks_user(reinstate::passphrase_purpose purpose) const;

  // Returns the secret for this purpose, or asks the user for it.
  reinstate::result<reinstate::secret_bytes> answer(reinstate::passphrase_purpose purpose, const interrupt& stop);

  // Returns the number, from 1, of the group that has the wrong character, if the last answer was a recovery code with
  // one mistyped character.
  std::optional<std::size_t> mistyped_group() const { return mistyped_group_; }

 private:
  const std::optional<reinstate::secret_bytes>& given_for(reinstate::passphrase_purpose purpose) const;
  reinstate::result<reinstate::secret_bytes> read_keyring() const;

  std::string passphrase_file_;
  std::string backup_path_;
  unlock_options options_;
  std::optional<reinstate::secret_bytes> passphrase_;
  std::optional<reinstate::secret_bytes> identity_;
  std::optional<std::size_t> mistyped_group_;
};

}  // namespace tool

#endif
