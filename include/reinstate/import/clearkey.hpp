// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_CLEARKEY_HPP
#define REINSTATE_IMPORT_CLEARKEY_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate {

// Options of import_clearkey.
struct clearkey_import_options {
  std::string title;                           // display name of the licenses; UTF-8
  backup_right backup = backup_right::denied;  // granted only by the caller: the format has no such right [C135]
  std::size_t max_bytes = 1024 * 1024;         // larger sets are refused before they are parsed; 1 MiB holds about
                                               // 10,000 keys
};

// Returns the licenses in a W3C ClearKey license: a JSON Web Key Set of 16-byte keys (Encrypted Media Extensions,
// section 9.1.4). Ignores unknown members, as the specification asks. The payload of each license is a key set with
// that one key; importing the same key again gives the same license id. Imports all licenses of the set or none.
//
// Errors: import_malformed, import_too_large, import_nested_too_deep, import_key_not_16_bytes. Throws std::bad_alloc.
result<std::vector<license>> import_clearkey(std::string_view json, const clearkey_import_options& options);

// Returns the content key of a license in format "clearkey", 16 bytes.
// Errors: invalid_argument for another format, license_damaged.
result<secret_bytes> clearkey_content_key(const license& item);

// Returns the licenses as one JSON Web Key Set, which every ClearKey player accepts; importing it gives the same
// license ids. The set holds ids and keys only, not titles, rights or counts, so check `rights.backup` first. Exports
// all licenses or none.
//
// Errors: invalid_argument for an empty list, for another format, and for two different keys with the same key id,
// which a set cannot tell apart; license_damaged. Throws std::bad_alloc.
result<secret_bytes> export_clearkey(std::span<const license> items);

}  // namespace reinstate

#endif
