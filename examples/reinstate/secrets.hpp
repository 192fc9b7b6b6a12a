// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_SECRETS_HPP
#define REINSTATE_TOOL_SECRETS_HPP

#include "interrupt.hpp"
#include "options.hpp"

#include <reinstate/recovery/recovery_key.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace tool {

// What the user gave to open a backup or to protect one, or else is asked for.
class secrets {
 public:
  explicit secrets(const options& what) : what_(what) {}

  // Reads what the user named files for. `where` is the one an error is about.
  reinstate::result<void> take(std::string& where);

  bool has_passphrase() const { return passphrase_.has_value(); }

  // Whether the answer to such a question waits for the keyboard.
  bool will_ask(reinstate::passphrase_purpose purpose) const;

  reinstate::result<reinstate::secret_bytes> answer(reinstate::passphrase_purpose purpose, const interrupt& stop);

  // Where the answer was made like a recovery code with one wrong character: the group it is in, from 1.
  std::optional<std::size_t> mistyped_group() const { return mistyped_group_; }

 private:
  const std::optional<reinstate::secret_bytes>& given_for(reinstate::passphrase_purpose purpose) const;
  reinstate::result<reinstate::secret_bytes> from_keyring() const;

  const options& what_;
  std::optional<reinstate::secret_bytes> passphrase_;
  std::optional<reinstate::secret_bytes> identity_;
  std::optional<std::size_t> mistyped_group_;
};

}  // namespace tool

#endif
