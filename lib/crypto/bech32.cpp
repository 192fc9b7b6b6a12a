// SPDX-License-Identifier: BSL-1.0
#include "bech32.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>

namespace reinstate::crypto {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;
constexpr std::size_t key_symbols = (32 * 8 + 4) / 5;

// A copy of a text that may be a private key: wiped when it goes.
struct wiped_copy {
  explicit wiped_copy(std::string_view from) : text(from) {}
  ~wiped_copy() { sodium_memzero(text.data(), text.size()); }
  wiped_copy(const wiped_copy&) = delete;
  wiped_copy& operator=(const wiped_copy&) = delete;

  std::string text;
};

// The checksum of BIP 173, fed one 5-bit symbol after the other.
class checksum {
 public:
  explicit checksum(std::string_view prefix) {
    for (const char c : prefix) add(static_cast<std::uint8_t>(c) >> 5);
    add(0);
    for (const char c : prefix) add(static_cast<std::uint8_t>(c) & 31);
  }

  void add(unsigned symbol) {
    constexpr std::uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = state_ >> 25;
    state_ = (state_ & 0x1ffffff) << 5 ^ symbol;
    for (unsigned i = 0; i != 5; ++i)
      if (top >> i & 1) state_ ^= generator[i];
  }

  std::uint32_t state() const { return state_; }

 private:
  std::uint32_t state_ = 1;
};

}  // namespace

std::string bech32_encode(std::string_view prefix, const byte_array<32>& key) {
  std::string text;
  text.reserve(prefix.size() + 1 + key_symbols + checksum_size);  // one allocation, so that the caller can wipe it
  text.append(prefix).append("1");
  checksum sum(prefix);
  const auto put = [&](unsigned symbol) {
    sum.add(symbol);
    text += alphabet[symbol];
  };
  unsigned bits = 0, held = 0;
  for (const std::byte b : key) {
    bits = bits << 8 | std::to_integer<unsigned>(b);
    for (held += 8; held >= 5; held -= 5) put(bits >> (held - 5) & 31);
  }
  put(bits << (5 - held) & 31);

  for (std::size_t i = 0; i != checksum_size; ++i) sum.add(0);
  const std::uint32_t tail = sum.state() ^ 1;
  for (unsigned i = 0; i != checksum_size; ++i) text += alphabet[tail >> (5 * (5 - i)) & 31];
  return text;
}

std::optional<byte_array<32>> bech32_decode(std::string_view prefix, std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::ranges::any_of(text, is_lower) && std::ranges::any_of(text, is_upper)) return std::nullopt;

  wiped_copy copy(text);
  std::string& lower = copy.text;
  for (char& c : lower)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  if (lower.size() != prefix.size() + 1 + key_symbols + checksum_size || !lower.starts_with(prefix) ||
      lower[prefix.size()] != '1')
    return std::nullopt;

  checksum sum(prefix);
  std::optional<byte_array<32>> key(std::in_place);  // returned as it is: a copy of a private key would stay behind
  std::size_t written = 0;
  unsigned bits = 0, held = 0;
  const std::string_view symbols = std::string_view(lower).substr(prefix.size() + 1);
  for (std::size_t i = 0; i != symbols.size(); ++i) {
    const std::size_t symbol = alphabet.find(symbols[i]);
    if (symbol == std::string_view::npos) return std::nullopt;
    sum.add(static_cast<unsigned>(symbol));
    if (i >= key_symbols) continue;
    bits = (bits << 5 | static_cast<unsigned>(symbol)) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      (*key)[written++] = static_cast<std::byte>(bits >> held & 0xff);
    }
  }
  const bool padding_is_zero = (bits & ((1u << held) - 1)) == 0;
  if (sum.state() != 1 || !padding_is_zero) return std::nullopt;
  return key;
}

}  // namespace reinstate::crypto
