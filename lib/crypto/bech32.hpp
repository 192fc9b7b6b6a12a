// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_BECH32_HPP
#define REINSTATE_CRYPTO_BECH32_HPP

#include "bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace reinstate::crypto {

// A 32-byte key in Bech32 (BIP 173) under a lower-case prefix; lower case, like "age1...".
std::string bech32_encode(std::string_view prefix, const byte_array<32>& key);

// Nothing for another prefix, mixed case, a wrong checksum or length, or bits that are not zero where they must be.
std::optional<byte_array<32>> bech32_decode(std::string_view prefix, std::string_view text);

}  // namespace reinstate::crypto

#endif
