// SPDX-License-Identifier: BSL-1.0
#include "opened_folder.hpp"

#include "passphrase.hpp"

#include <reinstate/plugins/directory_medium.hpp>

#include <utility>

namespace tool {

using reinstate::errc;
using reinstate::error_code;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

result<void> opened_folder::open() {
  where_ = what_.path;
  auto medium = reinstate::open_directory_medium(what_.path);
  if (!medium) return medium.error();
  medium_ = std::move(*medium);
  if (const auto taken = secrets_.take(where_); !taken) return taken;
  where_ = what_.path;
  return {};
}

result<secret_bytes> opened_folder::ask(passphrase_purpose purpose) {
  const interrupt_signals watched(stop_);
  return secrets_.answer(purpose, stop_);
}

result<secret_bytes> opened_folder::new_passphrase() {
  if (what_.new_passphrase_file.empty()) {
    const interrupt_signals watched(stop_);
    return ask_passphrase(passphrase_purpose::protect, stop_);
  }
  auto given = given_passphrase(what_.new_passphrase_file);
  if (!given) where_ = what_.new_passphrase_file;
  if (!given) return given.error();
  return std::move(**given);
}

exit_code opened_folder::failed(const error_code& ec) {
  const auto group = ec == errc::recovery_code_mistyped ? secrets_.mistyped_group() : std::nullopt;
  return out_.failed(ec, where_, group ? json{{"mistyped_group", *group}} : json());
}

}  // namespace tool
