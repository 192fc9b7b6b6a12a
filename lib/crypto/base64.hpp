// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_BASE64_HPP
#define REINSTATE_CRYPTO_BASE64_HPP

#include "crypto/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate::crypto {

enum class base64_alphabet {
  standard,  // RFC 4648 section 4, as age uses it
  url,       // RFC 4648 section 5, as JSON Web Keys use it
};

// Returns the text without padding, as both formats require.
std::string base64_encode(byte_span bytes, base64_alphabet alphabet = base64_alphabet::standard);

// Returns nullopt for padding, foreign characters, line ends, or set bits that a canonical encoder leaves zero (RFC
// 4648, 3.5).
std::optional<std::vector<std::byte>> base64_decode(std::string_view text,
                                                    base64_alphabet alphabet = base64_alphabet::standard);

}  // namespace reinstate::crypto

#endif
