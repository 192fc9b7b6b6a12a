// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_RECOVERY_CODE_HPP
#define REINSTATE_RECOVERY_RECOVERY_CODE_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

// A recovery code opens a backup without any other secret: the user prints it, keeps it, and types it in years later.
//
//     r23c-lxd5-mzfs-h79v-n6pg-0kay-tjur-pe95
//
// It consists of 26 random characters (130 bits) and 6 check characters, from the 32 of Bech32: no 1, b, i or o, which
// look like others. Up to four wrong characters are always detected, in any position, and so is a missing or doubled
// one.
//
// Thread safety: any function from any thread. Every function throws std::bad_alloc.

namespace reinstate {

// Returns a new code as printed, in fenced memory: eight groups of four, lower case, joined by dashes. The age program
// accepts exactly this text as the passphrase.
secret_bytes make_recovery_code();

// Returns the printed form of a typed code, in fenced memory. Accepts either case, and any number of dashes, spaces and
// line ends between groups, or none. Never corrects a typing error.
// Errors: recovery_code_mistyped for any other text.
result<secret_bytes> parse_recovery_code(std::string_view typed);

// Returns true if a text has the form of a code: 32 characters of its alphabet, and separators. Ignores the check
// characters, so it tells a mistyped code from a passphrase. A hint only: a passphrase can have this form by chance.
bool looks_like_recovery_code(std::string_view text);

// Returns the group, from 1 to 8, that holds the only wrong character of a mistyped code, so that the user can look
// there. The wrong character can be any, such as o for 0. Returns nullopt for a correct code, and if more than one
// character is wrong, missing or surplus. (Of codes with four or more wrong characters, about one in a million gets a
// wrong group.)
std::optional<std::size_t> mistyped_group(std::string_view typed);

}  // namespace reinstate

#endif
