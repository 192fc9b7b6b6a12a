// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PASSPHRASE_HPP
#define REINSTATE_TOOL_PASSPHRASE_HPP

#include "terminal/interrupt.hpp"

#include <reinstate/backup_restorer.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace tool {

// Returns the first line of a file; "-" is standard input.
// Errors: path_not_found, path_not_accessible, invalid_argument for a first line longer than any passphrase.
reinstate::result<reinstate::secret_bytes> read_secret_line(const std::string& file);

// Returns the passphrase from the file, or if none is named from the environment, which is wiped. Returns nullopt if
// there is none. Errors: those of read_secret_line.
reinstate::result<std::optional<reinstate::secret_bytes>> given_passphrase(const std::string& file);

// Returns the age identity in a file that age-keygen wrote: comments, then AGE-SECRET-KEY-1...
// Errors: path_not_found, path_not_accessible, invalid_argument if the file is too long to be one, no_key_for_backup if
// it has no identity.
reinstate::result<reinstate::secret_bytes> read_identity(const std::filesystem::path& file);

// Asks in the terminal, without echo. Asks twice for a new passphrase, until both answers agree. Always restores the
// state of the terminal.
// Errors: passphrase_required if there is no terminal, operation_canceled for Ctrl-C and Ctrl-D.
reinstate::result<reinstate::secret_bytes> ask_passphrase(reinstate::passphrase_purpose purpose, const interrupt& stop);

}  // namespace tool

#endif
