// SPDX-License-Identifier: BSL-1.0
#include "operation/opened_backup.hpp"

#include "secrets/passphrase.hpp"

#include <reinstate/plugins/directory_medium.hpp>

#include <utility>

namespace tool {

using reinstate::errc;
using reinstate::error_code;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

opened_backup::opened_backup(const common_options& common, const std::string& path, const unlock_options& unlock,
                             output& out)
    : path_(path),
      out_(out),
      home_(common.home),
      secrets_(common, path, unlock),
      location_{error_subject::backup, path} {
}

result<void> opened_backup::open() {
  auto medium = reinstate::open_directory_medium(path_);
  if (!medium) return medium.error();
  medium_ = std::move(*medium);
  return secrets_.load(location_);
}

reinstate::set_credentials opened_backup::credentials() {
  return {home_.identity(), [this](passphrase_purpose purpose) { return secret_for(purpose); }};
}

result<secret_bytes> opened_backup::secret_for(passphrase_purpose purpose) {
  const interrupt_signals signals(stop_);
  return secrets_.answer(purpose, stop_);
}

result<secret_bytes> opened_backup::new_passphrase(const std::string& file) {
  if (file.empty()) {
    const interrupt_signals signals(stop_);
    return ask_passphrase(passphrase_purpose::protect, stop_);
  }
  auto passphrase = read_secret_line(file);
  if (!passphrase) set_error_location({error_subject::input_file, file});
  return passphrase;
}

exit_code opened_backup::failed(const error_code& ec) {
  const auto group = ec == errc::recovery_code_mistyped ? secrets_.mistyped_group() : std::nullopt;
  return out_.failed(ec, location_, group ? json{{"mistyped_group", *group}} : json());
}

}  // namespace tool
