// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_LCP_PROVIDER_HPP
#define REINSTATE_TESTS_LCP_PROVIDER_HPP

#include "lcp/certificate.hpp"

#include <openssl/evp.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace reinstate::lcp_test {

using private_key = std::unique_ptr<EVP_PKEY, lcp::freed_by<&EVP_PKEY_free>>;

private_key make_rsa_key(int bits = 2048);
private_key make_ec_key();  // P-256

// Makes documents as a provider does, with a certificate from a license authority, or from itself.
class provider {
 public:
  struct validity {
    std::chrono::sys_days from = std::chrono::year{2020} / 1 / 1;
    std::chrono::sys_days until = std::chrono::year{2040} / 1 / 1;
  };

  provider(std::string_view name, private_key key, validity when);  // signed by itself
  provider(std::string_view name, private_key key, validity when, const provider& authority);

  std::string der() const;
  std::string pem() const;

  // The signature object (section 3.8) over a canonical form.
  std::string signature_of(std::string_view canonical) const;
  std::string signature_object(std::string_view algorithm, std::string_view value) const;
  std::string value_of(std::string_view canonical) const;  // in base 64

  // A document of these members, `{...}`, and the signature.
  std::string sign(std::string_view members) const;

 private:
  provider(std::string_view name, private_key key, validity when, const provider* authority);

  private_key key_;
  lcp::certificate certificate_;
};

std::string base64_encode(std::string_view bytes);

}  // namespace reinstate::lcp_test

#endif
