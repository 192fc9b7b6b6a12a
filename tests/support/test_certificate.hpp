// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_TEST_CERTIFICATE_HPP
#define REINSTATE_TESTS_TEST_CERTIFICATE_HPP

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace reinstate::tests {

// A self-signed certificate for TLS, new each time, and its private key; both PEM.
struct test_certificate {
  std::string certificate;
  std::string private_key;
};

struct certificate_options {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";  // as OpenSSL writes a subjectAltName
  long valid_from = -3'600;                                 // in seconds from now
  long valid_to = 3'600;
};

namespace detail {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

inline void need(bool it_worked) {
  if (!it_worked) throw std::runtime_error("OpenSSL cannot make a test certificate");
}

template <class Write>
std::string as_pem(Write write) {
  const std::unique_ptr<BIO, freed_by<BIO_free_all>> to(BIO_new(BIO_s_mem()));
  need(to && write(to.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(to.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace detail

inline test_certificate make_test_certificate(const certificate_options& with = {}) {
  using detail::need;
  const std::unique_ptr<EVP_PKEY, detail::freed_by<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, detail::freed_by<X509_free>> made(X509_new());
  need(key && made);
  std::uint64_t serial = 0;  // new each time: of two with one name and one number OpenSSL may take the wrong one
  need(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), with.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), with.valid_to);
  X509_set_pubkey(made.get(), key.get());
  const std::string name = "reinstate test " + std::to_string(serial);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  const std::unique_ptr<X509_EXTENSION, detail::freed_by<X509_EXTENSION_free>> names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, with.names.c_str()));
  need(names && X509_add_ext(made.get(), names.get(), -1) == 1);
  need(X509_sign(made.get(), key.get(), EVP_sha256()) != 0);
  return {detail::as_pem([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); }), detail::as_pem([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

// Writes both into a folder, as "cert.pem" and "key.pem".
inline void save(const test_certificate& what, const std::filesystem::path& folder) {
  std::ofstream(folder / "cert.pem") << what.certificate;
  std::ofstream(folder / "key.pem") << what.private_key;
}

}  // namespace reinstate::tests

#endif
