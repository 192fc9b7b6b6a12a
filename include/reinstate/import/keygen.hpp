// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_KEYGEN_HPP
#define REINSTATE_IMPORT_KEYGEN_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/secret_bytes.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace reinstate {

// Options of import_keygen.
struct keygen_import_options {
  std::array<std::byte, 32> public_key{};      // the Ed25519 key of the signing Keygen account; required
  secret_bytes license_key;                    // opens an encrypted file; other files need none
  std::string fingerprint;                     // of the machine: opens an encrypted machine file, together with the
                                               // license key
  std::string title;                           // display name of the license; UTF-8; by default the license's name
  backup_right backup = backup_right::denied;  // granted only by the caller: the format has no such right [C135]
  std::size_t max_bytes = 1024 * 1024;         // larger files are refused before they are parsed; most are below 32 KiB
};

// Returns the license in a Keygen license file or machine file (keygen.sh, API documentation, "Cryptography", section
// "Cryptographic license files"), signed with Ed25519 and encoded with Base64 or encrypted with AES-256-GCM.
//
//   id, key          Derived from the account's public key and Keygen's ids, so that importing again gives the same.
//                    `key` stands for the license, `id` for the file: one license may have a file for each machine.
//   issuer           The id of the account.
//   rights           Valid from the date of the file, or else of the license, until the license or the file expires,
//                    whichever is first: Keygen requires both to be respected. `document` is the JSON object of the
//                    license's attributes, without its key: a store does not keep metadata secret. It is empty for a
//                    machine file that does not include its license.
//   state.uses_left  The uses left of maxUses when the file was issued.
//   payload          The file as given, byte for byte; an encrypted one stays encrypted.
//
// An expired file is imported like any other. Importing uses no license, so it reads no clock: a program that uses the
// license compares `rights.not_after`. How a policy treats an expired license is stated in `document` only.
//
// Errors: invalid_argument if there is no public key; import_too_large, import_malformed, import_nested_too_deep;
// import_algorithm_unknown for other signatures, and for encrypted files on a processor without AES instructions;
// import_signature_invalid; import_key_wrong for a missing or wrong license key or fingerprint. Throws std::bad_alloc.
result<license> import_keygen(std::string_view file, const keygen_import_options& options);

}  // namespace reinstate

#endif
