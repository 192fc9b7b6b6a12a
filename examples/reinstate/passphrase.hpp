// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_PASSPHRASE_HPP
#define REINSTATE_TOOL_PASSPHRASE_HPP

#include "interrupt.hpp"

#include <reinstate/backup_restorer.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace tool {

// The passphrase the user gave without being asked: from the file (`-`: standard input), or else from the environment,
// which is wiped. Nothing where there is none.
// Errors: path_not_found, path_not_accessible, invalid_argument for a first line longer than any passphrase.
reinstate::result<std::optional<reinstate::secret_bytes>> given_passphrase(const std::string& file);

// The age identity in a file as age-keygen writes it: comments, then AGE-SECRET-KEY-1...
// Errors: path_not_found, path_not_accessible, invalid_argument for a file longer than any, no_key_for_backup where
// there is none.
reinstate::result<reinstate::secret_bytes> read_identity(const std::filesystem::path& file);

// Asks in the terminal, without echo; twice for a new backup, until both agree. The terminal is as it was afterwards,
// whatever happens.
// Errors: passphrase_required where there is no terminal, operation_canceled for Ctrl-C and Ctrl-D.
reinstate::result<reinstate::secret_bytes> ask_passphrase(reinstate::passphrase_purpose purpose, const interrupt& stop);

}  // namespace tool

#endif
