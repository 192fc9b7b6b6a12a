// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPENED_FOLDER_HPP
#define REINSTATE_TOOL_OPENED_FOLDER_HPP

#include "home.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output.hpp"
#include "secrets.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace tool {

// A backup, and what the user has to open it with.
class opened_folder {
 public:
  opened_folder(const options& what, output& out) : what_(what), out_(out), home_(what.home), secrets_(what) {}

  // Errors: those of the medium and of the files of secrets.
  reinstate::result<void> open();

  reinstate::backup_medium& medium() { return *medium_; }
  const home& here() const { return home_; }

  reinstate::set_credentials opener() {
    return {home_.identity(), [this](reinstate::passphrase_purpose purpose) { return ask(purpose); }};
  }

  reinstate::result<reinstate::secret_bytes> ask(reinstate::passphrase_purpose purpose);

  // From a file, or asked for, twice.
  reinstate::result<reinstate::secret_bytes> new_passphrase();

  // The end of a command that failed: about the folder, unless another file is to blame.
  exit_code failed(const reinstate::error_code& ec);
  void blame(const std::filesystem::path& file) { where_ = file.string(); }

 private:
  const options& what_;
  output& out_;
  home home_;
  secrets secrets_;
  interrupt stop_;
  std::unique_ptr<reinstate::backup_medium> medium_;
  std::string where_;  // what an error is about
};

}  // namespace tool

#endif
