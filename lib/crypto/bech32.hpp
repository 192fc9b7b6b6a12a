// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CRYPTO_BECH32_HPP
#define REINSTATE_CRYPTO_BECH32_HPP

#include "crypto/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reinstate::crypto {

// The character for each 5-bit symbol, and the number of symbols at the end that are the checksum.
inline constexpr std::string_view bech32_alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
inline constexpr std::size_t bech32_checksum_size = 6;

// Computes the checksum of BIP 173 over a prefix and the symbols that follow it. It always detects up to four wrong
// symbols among up to 89.
class bech32_checksum {
 public:
  explicit bech32_checksum(std::string_view prefix);
  ~bech32_checksum();
  bech32_checksum(const bech32_checksum&) = delete;
  bech32_checksum& operator=(const bech32_checksum&) = delete;

  void add(unsigned symbol);

  // Writes the symbols of the checksum. Call after the last symbol.
  void finish(std::span<std::byte, bech32_checksum_size> checksum);

  // Returns true if the symbols added so far end with their checksum.
  bool is_right() const { return state_ == 1; }

 private:
  std::uint32_t state_ = 1;
};

// Returns a 32-byte key in Bech32 (BIP 173) under a lower-case prefix; lower case, like "age1...".
std::string bech32_encode(std::string_view prefix, const byte_array<32>& key);

// Returns nullopt for another prefix, mixed case, a wrong checksum or length, or padding bits that are not zero.
std::optional<byte_array<32>> bech32_decode(std::string_view prefix, std::string_view text);

}  // namespace reinstate::crypto

#endif
