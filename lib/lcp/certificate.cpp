// SPDX-License-Identifier: BSL-1.0
#include "lcp/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <ctime>
#include <new>

namespace reinstate::lcp {
namespace {

using signature_context = std::unique_ptr<EVP_MD_CTX, freed_by<&EVP_MD_CTX_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed_by<&ECDSA_SIG_free>>;
using big_number = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;
using store = std::unique_ptr<X509_STORE, freed_by<&X509_STORE_free>>;
using store_context = std::unique_ptr<X509_STORE_CTX, freed_by<&X509_STORE_CTX_free>>;
using text_source = std::unique_ptr<BIO, freed_by<&BIO_free>>;

constexpr std::string_view rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view ecdsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

// 80 bits: weaker keys and signatures, those with SHA-1 among them, can be forged.
constexpr int security_level = 1;

// Takes ownership of an object that OpenSSL created. Throws std::bad_alloc for null.
template <class T>
T checked(typename T::pointer object) {
  if (object == nullptr) throw std::bad_alloc();
  return T(object);
}

const unsigned char* raw(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Returns an ECDSA signature in DER, as OpenSSL requires, or an empty string for a wrong length. XML-SIG writes the two
// numbers one after the other, each as long as the order of the curve (RFC 4050, section 3.3).
std::string to_der(std::string_view value, int order_bits) {
  const auto size = static_cast<std::size_t>(order_bits + 7) / 8;
  if (value.size() != 2 * size) return {};
  auto r = checked<big_number>(BN_bin2bn(raw(value), static_cast<int>(size), nullptr));
  auto s = checked<big_number>(BN_bin2bn(raw(value) + size, static_cast<int>(size), nullptr));
  const auto pair = checked<ecdsa_signature>(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int der_size = i2d_ECDSA_SIG(pair.get(), &der);
  if (der_size < 0) throw std::bad_alloc();
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(der_size));
  OPENSSL_free(der);
  return out;
}

// Parses a certificate that is all of `der`. Returns null if it is not one.
certificate parse_der(std::string_view der) {
  const unsigned char* end = raw(der);
  certificate out(d2i_X509(nullptr, &end, static_cast<long>(der.size())));
  if (end != raw(der) + der.size()) out.reset();
  return out;
}

// Adds the certificates of a PEM text. Returns false if one is damaged or there is none.
bool add_pem(X509_STORE& store, std::string_view text) {
  const auto source = checked<text_source>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const auto no_password = [](char*, int, int, void*) { return 0; };  // the default asks at the terminal
  int count = 0;
  while (const certificate next{PEM_read_bio_X509(source.get(), nullptr, no_password, nullptr)}) {
    if (X509_STORE_add_cert(&store, next.get()) != 1) throw std::bad_alloc();
    ++count;
  }
  return count != 0 && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

bool add_root(X509_STORE& store, std::string_view root) {
  const certificate der = parse_der(root);
  if (!der) return add_pem(store, root);
  if (X509_STORE_add_cert(&store, der.get()) != 1) throw std::bad_alloc();
  return true;
}

}  // namespace

result<certificate> read_certificate(std::string_view der) {
  certificate out = parse_der(der);
  if (!out) return errc::import_certificate_invalid;
  return out;
}

result<void> check_signature(X509& signer, const document_signature& signature, std::string_view text) {
  const bool is_rsa = signature.algorithm == rsa_sha256;
  if (!is_rsa && signature.algorithm != ecdsa_sha256) return errc::import_algorithm_unknown;
  EVP_PKEY* key = X509_get0_pubkey(&signer);
  if (key == nullptr || EVP_PKEY_get_base_id(key) != (is_rsa ? EVP_PKEY_RSA : EVP_PKEY_EC))
    return errc::import_certificate_invalid;

  const std::string value = is_rsa ? signature.value : to_der(signature.value, EVP_PKEY_get_bits(key));
  const auto context = checked<signature_context>(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestVerify(context.get(), raw(value), value.size(), raw(text), text.size()) != 1)
    return errc::import_signature_invalid;
  return {};
}

result<void> check_chain(X509& signer, std::span<const std::string> roots, std::chrono::sys_seconds instant) {
  const auto trusted = checked<store>(X509_STORE_new());
  for (const std::string& root : roots)
    if (!add_root(*trusted, root)) return errc::invalid_argument;

  // The roots are trusted even if they are not self-signed.
  X509_STORE_set_flags(trusted.get(), X509_V_FLAG_PARTIAL_CHAIN);
  const auto context = checked<store_context>(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), trusted.get(), &signer, nullptr) != 1) throw std::bad_alloc();
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(instant.time_since_epoch().count()));
  if (X509_verify_cert(context.get()) != 1) return errc::import_certificate_invalid;
  return {};
}

}  // namespace reinstate::lcp
