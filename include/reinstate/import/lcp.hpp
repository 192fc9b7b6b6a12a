// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_IMPORT_LCP_HPP
#define REINSTATE_IMPORT_LCP_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A separate library, reinstate::lcp, which needs OpenSSL.

namespace reinstate {

// Options of import_lcp.
struct lcp_import_options {
  std::string title;  // display name of the license; if empty, the title of the publication, else the license's own id
  backup_right backup = backup_right::denied;  // granted only by the caller: the format has no such right [C135]

  // Certificates of license authorities, each PEM (one or several) or DER. The provider's certificate must be issued by
  // one of them. If empty, the signer is not authenticated: anyone could have made the certificate in the document.
  std::vector<std::string> trusted_roots;

  // Time at which the certificates must be valid. If absent, the time of the document's last change, as section 5.5.1
  // of the specification requires, so that a license outlives the certificate of its provider. Pass the current time to
  // be stricter.
  std::optional<std::chrono::sys_seconds> valid_at;

  std::size_t max_bytes = 64 * 1024;  // larger documents are refused before they are parsed; providers issue about 4
                                      // KiB
};

// Returns the license in a Readium LCP License Document (Licensed Content Protection 1.0, section 3; ISO/IEC 23078-2),
// after checking its signature. Ignores unknown members, as section 7.2 asks; they are still covered by the signature.
//
// The payload is the document, byte for byte; opening it takes the user's passphrase, which is not needed here. License
// id and key id are derived from provider and license id, so that an updated document is the same license; the format
// names no content key. The revision is the time of the last change, in seconds since 1970: the newer of two documents
// wins. Start and end of the rights become the license's, and the rights object its rights text. Limits on printing and
// copying are in that text only.
//
// Does not check for revoked certificates, which would take a network.
//
// Errors: import_malformed, import_too_large, import_nested_too_deep, import_algorithm_unknown (neither RSA nor ECDSA
// with SHA-256), import_certificate_invalid, import_signature_invalid, invalid_argument for a trusted root that is not
// a certificate. Throws std::bad_alloc.
result<license> import_lcp(std::string_view document, const lcp_import_options& options);

}  // namespace reinstate

#endif
