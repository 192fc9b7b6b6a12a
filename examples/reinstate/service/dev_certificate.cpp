// SPDX-License-Identifier: BSL-1.0
#include "service/dev_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::result;

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, deleter<X509_free>>;
using file_ptr = std::unique_ptr<std::FILE, deleter<std::fclose>>;

constexpr long month = 30L * 24 * 60 * 60;

bool add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, deleter<X509_EXTENSION_free>> made(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

bool fill(X509* certificate, EVP_PKEY* key) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* const text = reinterpret_cast<const unsigned char*>("reinstate serve --dev");
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -60 * 60) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), month) != nullptr && X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 &&
         add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") && X509_sign(certificate, key, EVP_sha256()) != 0;
}

// Writes a file that others could not read at any time.
template <class Write>
result<void> write_file(const std::filesystem::path& name, int mode, Write write) {
  ::unlink(name.c_str());
  const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return errc::path_not_accessible;
  file_ptr file(::fdopen(fd, "w"));
  if (!file) {
    ::close(fd);
    return errc::path_not_accessible;
  }
  const bool is_written = write(file.get()) == 1;
  if (std::fclose(file.release()) != 0 || !is_written) return errc::path_not_accessible;
  return {};
}

}  // namespace

result<void> make_dev_certificate(const std::filesystem::path& certificate, const std::filesystem::path& private_key) {
  const key_ptr key(EVP_EC_gen("P-256"));
  const certificate_ptr made(X509_new());
  if (!key || !made || !fill(made.get(), key.get())) return errc::certificate_unusable;
  auto written = write_file(private_key, 0600, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  if (!written) return written;
  return write_file(certificate, 0644, [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
}

}  // namespace tool
