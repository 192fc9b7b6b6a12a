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

struct clearkey_import_options {
  std::string title;                           // what a person calls the licenses; UTF-8
  backup_right backup = backup_right::denied;  // only the caller can grant it: the format knows no such right [C135]
  std::size_t max_bytes = 1024 * 1024;         // refuse larger sets before reading them; 1 MiB holds about 10,000 keys
};

// The licenses in a W3C ClearKey license: a JSON Web Key Set of 16-byte keys (Encrypted Media Extensions, section
// 9.1.4). Unknown members are ignored, as the specification asks. The payload of each license is its key set, of that
// one key; importing the same key again gives the same license id.
//
// Errors: import_malformed, import_too_large, import_nested_too_deep, import_key_not_16_bytes. All or none of the set.
// Throws std::bad_alloc.
result<std::vector<license>> import_clearkey(std::string_view json, const clearkey_import_options& options);

// The content key of a license in format "clearkey", 16 bytes.
// Errors: invalid_argument for another format, license_damaged.
result<secret_bytes> clearkey_content_key(const license& item);

// All these licenses as one JSON Web Key Set, which every player of ClearKey takes; importing it gives the same license
// ids. It has ids and keys only: titles, rights and counts do not come along, so ask `rights.backup` first.
//
// Errors: invalid_argument for no license at all, for another format, and for two keys of one key id, of which a set
// cannot say which is meant; license_damaged. All or none. Throws std::bad_alloc.
result<secret_bytes> export_clearkey(std::span<const license> items);

}  // namespace reinstate

#endif
