// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RECOVERY_RECOVERY_CODE_HPP
#define REINSTATE_RECOVERY_RECOVERY_CODE_HPP

#include <reinstate/error.hpp>
#include <reinstate/secret_bytes.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

// A recovery code opens a backup without any other secret: people print it, keep it, and type it back years later.
//
//     r23c-lxd5-mzfs-h79v-n6pg-0kay-tjur-pe95
//
// It is 26 characters of chance (130 bits) and 6 that check them, out of the 32 of Bech32: no 1, b, i or o, which look
// like others. Up to four wrong characters are always found, wherever they stand, and so is a missing or doubled one.
//
// Thread safety: all of this can be called from any thread. Throws std::bad_alloc.

namespace reinstate {

// A new code as printed, in fenced memory: eight groups of four, lower case, joined by dashes. The age program takes
// exactly this text as the passphrase of what is encrypted with it.
secret_bytes make_recovery_code();

// The code as printed, in fenced memory, of a code as somebody typed it: in either case, its groups separated by any
// number of dashes, spaces and line ends anywhere, or by none. Nothing is ever corrected.
// Errors: recovery_code_mistyped, for any other text.
result<secret_bytes> parse_recovery_code(std::string_view typed);

// Whether a text is made like a code: 32 characters that can be in one, and separators. What they check is not looked
// at, so this tells a mistyped code from a passphrase. A hint only: a passphrase can be made like one by chance.
bool looks_like_recovery_code(std::string_view text);

// The group, from 1 to 8, in which the only wrong character of a mistyped code lies, so that a person can look there.
// The wrong one can be any character, such as o for 0. Nothing for a right code, and where more than one character is
// wrong, missing or too many. (Of codes with four or more wrong characters, about one in a million gets a wrong group.)
std::optional<std::size_t> mistyped_group(std::string_view typed);

}  // namespace reinstate

#endif
