// SPDX-License-Identifier: BSL-1.0
#include "provider.hpp"

#include "catch.hpp"
#include "lcp/json_text.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <utility>

namespace reinstate::lcp_test {
namespace {

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::time_t instant(std::chrono::sys_days day) {
  return std::chrono::system_clock::to_time_t(day);
}

void set_name(X509& certificate, std::string_view name) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  REQUIRE(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, raw(name), static_cast<int>(name.size()), -1, 0));
}

void add_extension(X509& certificate, int id, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
  REQUIRE(extension != nullptr);
  REQUIRE(X509_add_ext(&certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// The two numbers of an ECDSA signature one after the other, 32 bytes each, as XML-SIG has them.
std::string to_xml_form(std::string_view der) {
  const unsigned char* at = raw(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  REQUIRE(pair != nullptr);
  std::array<unsigned char, 64> out;
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return {out.begin(), out.end()};
}

}  // namespace

private_key make_rsa_key(int bits) {
  return private_key(EVP_RSA_gen(static_cast<unsigned>(bits)));
}

private_key make_ec_key() {
  return private_key(EVP_EC_gen("P-256"));
}

std::string base64_encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and the zero that OpenSSL writes
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), raw(bytes), static_cast<int>(bytes.size()));
  out.pop_back();
  return out;
}

provider::provider(std::string_view name, private_key key, validity when)
    : provider(name, std::move(key), when, nullptr) {
}

provider::provider(std::string_view name, private_key key, validity when, const provider& authority)
    : provider(name, std::move(key), when, &authority) {
}

provider::provider(std::string_view name, private_key key, validity when, const provider* authority)
    : key_(std::move(key)), certificate_(X509_new()) {
  REQUIRE(key_ != nullptr);
  X509& made = *certificate_;
  X509_set_version(&made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(&made), authority == nullptr ? 1 : 2);
  ASN1_TIME_set(X509_getm_notBefore(&made), instant(when.from));
  ASN1_TIME_set(X509_getm_notAfter(&made), instant(when.until));
  X509_set_pubkey(&made, key_.get());
  set_name(made, name);
  const provider& issuer = authority == nullptr ? *this : *authority;
  X509_set_issuer_name(&made, X509_get_subject_name(issuer.certificate_.get()));
  add_extension(made, NID_basic_constraints, authority == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  REQUIRE(X509_sign(&made, issuer.key_.get(), EVP_sha256()) > 0);
}

std::string provider::der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate_.get(), &bytes);
  REQUIRE(size > 0);
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

std::string provider::pem() const {
  std::string base64 = base64_encode(der());
  for (std::size_t at = 64; at < base64.size(); at += 65) base64.insert(at, 1, '\n');
  return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
}

std::string provider::value_of(std::string_view canonical) const {
  const std::unique_ptr<EVP_MD_CTX, lcp::freed_by<&EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  REQUIRE(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = out.size();
  auto* into = reinterpret_cast<unsigned char*>(out.data());
  REQUIRE(EVP_DigestSign(context.get(), into, &size, raw(canonical), canonical.size()) == 1);
  out.resize(size);
  return base64_encode(EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC ? to_xml_form(out) : out);
}

std::string provider::signature_of(std::string_view canonical) const {
  const bool is_rsa = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA;
  return signature_object(is_rsa ? "rsa-sha256" : "ecdsa-sha256", value_of(canonical));
}

std::string provider::signature_object(std::string_view algorithm, std::string_view value) const {
  return std::string(R"({"algorithm":"http://www.w3.org/2001/04/xmldsig-more#)")
      .append(algorithm)
      .append(R"(","certificate":")")
      .append(base64_encode(der()))
      .append(R"(","value":")")
      .append(value)
      .append(R"("})");
}

std::string provider::sign(std::string_view members) const {
  const auto read = lcp::read_json(members);
  REQUIRE(read.has_value());
  const std::string signature = signature_of(lcp::canonical_json(*read));
  return std::string(members.substr(0, members.rfind('}'))).append(R"(,"signature":)").append(signature).append("}");
}

}  // namespace reinstate::lcp_test
