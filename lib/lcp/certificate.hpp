// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_CERTIFICATE_HPP
#define REINSTATE_LCP_CERTIFICATE_HPP

#include "lcp/license_document.hpp"

#include <reinstate/error.hpp>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace reinstate::lcp {

template <auto Free>
struct freed_by {
  void operator()(auto* object) const noexcept { Free(object); }
};

using certificate = std::unique_ptr<X509, freed_by<&X509_free>>;

// Restores the thread's queue of OpenSSL errors, which the application may use.
class openssl_errors_kept {
 public:
  openssl_errors_kept() noexcept { ERR_set_mark(); }
  openssl_errors_kept(const openssl_errors_kept&) = delete;
  openssl_errors_kept& operator=(const openssl_errors_kept&) = delete;
  ~openssl_errors_kept() { ERR_pop_to_mark(); }
};

// Reads a certificate in DER. Errors: import_certificate_invalid.
result<certificate> read_certificate(std::string_view der);

// Returns success if the owner of the certificate signed the text (Licensed Content Protection 1.0, section 5.5.2).
// Errors: import_algorithm_unknown; import_certificate_invalid for a key of another kind; import_signature_invalid.
result<void> check_signature(X509& signer, const document_signature& signature, std::string_view text);

// Returns success if the certificate was issued under one of `roots`, and all certificates between them were valid at
// `instant` (section 5.5.1).
// Errors: import_certificate_invalid; invalid_argument for a root that is not a certificate.
result<void> check_chain(X509& signer, std::span<const std::string> roots, std::chrono::sys_seconds instant);

}  // namespace reinstate::lcp

#endif
