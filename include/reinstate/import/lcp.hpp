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

// A library of its own, reinstate::lcp, which needs OpenSSL.

namespace reinstate {

struct lcp_import_options {
  std::string title;  // what a person calls the license; empty: the title of the publication, else the license's own id
  backup_right backup = backup_right::denied;  // only the caller can grant it: the format knows no such right [C135]

  // Certificates of license authorities, each PEM (one or several) or DER. The provider's certificate must come from
  // one of them. Empty: whoever made the certificate in the document can have signed it, and nothing says who that is.
  std::vector<std::string> trusted_roots;

  // When the certificates must be valid. Absent: when the document was last changed, as section 5.5.1 of the
  // specification has it, so that a license outlives the certificate of its provider. Give the time of now to be
  // stricter.
  std::optional<std::chrono::sys_seconds> valid_at;

  std::size_t max_bytes = 64 * 1024;  // refuse larger documents before reading them; providers issue about 4 KiB
};

// The license in a Readium LCP License Document (Licensed Content Protection 1.0, section 3; ISO/IEC 23078-2), after
// its signature was checked. Members nobody knows are ignored, as section 7.2 asks, but signed like the others.
//
// The payload is the document, byte by byte: it opens with the user's passphrase, which is not needed here. License id
// and key id are made from provider and license id, so that an updated document is the same license; the format names
// no content key. The revision is the instant of the last change, in seconds since 1970: of two documents the newer one
// wins. Start and end of the rights become the license's, and the rights object its rights text. Limits on printing and
// copying are in that text only.
//
// It does not look for revoked certificates: that takes a network.
//
// Errors: import_malformed, import_too_large, import_nested_too_deep, import_algorithm_unknown (neither RSA nor ECDSA
// with SHA-256), import_certificate_invalid, import_signature_invalid, invalid_argument for a trusted root that is no
// certificate. Throws std::bad_alloc.
result<license> import_lcp(std::string_view document, const lcp_import_options& options);

}  // namespace reinstate

#endif
