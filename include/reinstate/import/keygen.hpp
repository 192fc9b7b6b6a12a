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

struct keygen_import_options {
  std::array<std::byte, 32> public_key{};      // the Ed25519 key of the Keygen account that signs; required
  secret_bytes license_key;                    // opens an encrypted file; other files need none
  std::string fingerprint;                     // of the machine: opens an encrypted machine file, with the license key
  std::string title;                           // what a person calls the license; UTF-8; by default the license's name
  backup_right backup = backup_right::denied;  // only the caller can grant it: the format knows no such right [C135]
  std::size_t max_bytes = 1024 * 1024;         // refuse larger files before reading them; most are below 32 KiB
};

// The license in a Keygen license file or machine file (keygen.sh, API documentation, "Cryptography", section
// "Cryptographic license files"), signed with Ed25519 and encoded with Base64 or encrypted with AES-256-GCM.
//
//   id, key          Derived from the account's public key and Keygen's ids, so that importing again gives the same.
//                    `key` stands for the license, `id` for the file: one license may have a file for each machine.
//   issuer           The id of the account.
//   rights           Valid from when the file was issued, or else the license was created, to whichever ends first, the
//                    license or the file: Keygen wants the lifetime of both respected. `document` is the JSON object of
//                    the license's attributes, without its key: a store does not keep metadata secret. A machine file
//                    that leaves its license out has none.
//   state.uses_left  What is left of maxUses when the file was issued.
//   payload          The file as given, byte for byte; an encrypted one stays encrypted.
//
// A file that has expired is imported like any other. Importing uses no license, so it asks no clock: whoever uses the
// license compares `rights.not_after`. What a policy makes of a license that has expired stands in `document` only.
//
// Errors: invalid_argument where there is no public key; import_too_large, import_malformed, import_nested_too_deep;
// import_algorithm_unknown for other signatures, and for encrypted files on a processor without AES instructions;
// import_signature_invalid; import_key_wrong for a missing or wrong license key or fingerprint. Throws std::bad_alloc.
result<license> import_keygen(std::string_view file, const keygen_import_options& options);

}  // namespace reinstate

#endif
