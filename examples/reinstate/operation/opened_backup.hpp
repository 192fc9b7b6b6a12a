// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPENED_BACKUP_HPP
#define REINSTATE_TOOL_OPENED_BACKUP_HPP

#include "command_line/common_options.hpp"
#include "machine/home.hpp"
#include "output/output.hpp"
#include "secrets/secrets.hpp"
#include "terminal/interrupt.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace tool {

// A backup folder, and the secrets that unlock it, for commands that do not run an operation of a restorer.
class opened_backup {
 public:
  // Lifetime: `out` must outlive the object.
  opened_backup(const common_options& common, const std::string& path, const unlock_options& unlock, output& out);

  // Opens the folder and reads the secrets that were given. Must succeed before medium() and the functions below it.
  // Errors: those of open_directory_medium and secrets::load.
  reinstate::result<void> open();

  reinstate::backup_medium& medium() { return *medium_; }
  const home& machine_home() const { return home_; }

  // Lifetime: the credentials must not outlive the object.
  reinstate::set_credentials credentials();

  // Returns the secret for this purpose, or asks the user for it.
  reinstate::result<reinstate::secret_bytes> secret_for(reinstate::passphrase_purpose purpose);

  // Returns the passphrase from the file, or asks for it twice if `file` is empty.
  reinstate::result<reinstate::secret_bytes> new_passphrase(const std::string& file);

  // Ends the command with an error about the folder of the backup, or about the location set last.
  exit_code failed(const reinstate::error_code& ec);
  void set_error_location(error_location location) { location_ = std::move(location); }

 private:
  std::string path_;
  output& out_;
  home home_;
  secrets secrets_;
  interrupt stop_;
  std::unique_ptr<reinstate::backup_medium> medium_;
  error_location location_;
};

}  // namespace tool

#endif
