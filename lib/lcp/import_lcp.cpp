// SPDX-License-Identifier: BSL-1.0
#include "lcp/certificate.hpp"
#include "lcp/license_document.hpp"

#include <reinstate/import/lcp.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

namespace reinstate {
namespace {

using lcp::license_document;

constexpr std::string_view license_id_domain = "reinstate lcp license id 1";
constexpr std::string_view key_id_domain = "reinstate lcp key id 1";

// Returns the first 16 bytes of SHA-256 over
//
//     domain, 0, size of the provider in decimal, 0, provider, license id
//
// Section 3.3 requires a unique license id, but providers choose it: the same id of another provider is another
// license.
template <class Id>
Id make_id(std::string_view domain, const license_document& document) {
  std::string text(domain);
  text.append(1, '\0').append(std::to_string(document.provider.size())).append(1, '\0');
  text.append(document.provider).append(document.id);
  std::array<std::byte, EVP_MAX_MD_SIZE> digest;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
                 nullptr) != 1)
    throw std::bad_alloc();
  Id id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

result<void> check(const license_document& document, const lcp_import_options& options) {
  const lcp::openssl_errors_kept errors_kept;
  auto signer = lcp::read_certificate(document.signature.certificate);
  if (!signer) return signer.error();
  const auto is_signed = lcp::check_signature(**signer, document.signature, document.signed_text);
  if (!is_signed || options.trusted_roots.empty()) return is_signed;
  return lcp::check_chain(**signer, options.trusted_roots, options.valid_at.value_or(document.last_change));
}

// Returns the title in the options, else that of the publication, else the id, so that licenses can be told apart.
std::string title_of(const license_document& document, const lcp_import_options& options) {
  if (!options.title.empty()) return options.title;
  return document.title.empty() ? document.id : document.title;
}

}  // namespace

result<license> import_lcp(std::string_view text, const lcp_import_options& options) {
  if (text.size() > options.max_bytes) return errc::import_too_large;
  const auto document = lcp::read_document(text);
  if (!document) return document.error();
  if (const auto checked = check(*document, options); !checked) return checked.error();

  license out;
  out.id = make_id<license_id>(license_id_domain, *document);
  out.key = make_id<key_id>(key_id_domain, *document);
  out.revision = static_cast<std::uint64_t>(document->last_change.time_since_epoch().count());
  out.format = "lcp";
  out.issuer = document->provider;
  out.title = title_of(*document, options);
  out.rights = {options.backup, document->start, document->end, document->rights};
  out.payload = secret_bytes::copy_of(std::as_bytes(std::span(text.data(), text.size())));
  return out;
}

}  // namespace reinstate
