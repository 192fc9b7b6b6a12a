// SPDX-License-Identifier: BSL-1.0
#include "lcp/text_base64.hpp"

#include <openssl/evp.h>

namespace reinstate::lcp {

std::optional<std::string> base64_decode(std::string_view text) {
  // Checked here: OpenSSL skips white space at both ends, and does not report the padding.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t digits = text.find_last_not_of('=') + 1;
  const std::size_t padding = text.size() - digits;
  if (text.size() % 4 != 0 || padding > 2) return {};
  if (text.substr(0, digits).find_first_not_of(alphabet) != text.npos) return {};

  std::string out(text.size() / 4 * 3, '\0');
  const auto* input = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), input, static_cast<int>(text.size())) < 0)
    return {};
  out.resize(out.size() - padding);
  return out;
}

}  // namespace reinstate::lcp
