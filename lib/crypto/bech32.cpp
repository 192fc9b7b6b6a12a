// SPDX-License-Identifier: BSL-1.0
#include "crypto/bech32.hpp"

#include <sodium.h>

#include <algorithm>

namespace reinstate::crypto {
namespace {

constexpr std::size_t key_symbols = (32 * 8 + 4) / 5;

// A copy of a text that may be a private key: wiped at the end of its life.
struct wiped_copy {
  explicit wiped_copy(std::string_view original) : text(original) {}
  ~wiped_copy() { sodium_memzero(text.data(), text.size()); }
  wiped_copy(const wiped_copy&) = delete;
  wiped_copy& operator=(const wiped_copy&) = delete;

  std::string text;
};

}  // namespace

bech32_checksum::bech32_checksum(std::string_view prefix) {
  for (const char c : prefix) add(static_cast<std::uint8_t>(c) >> 5);
  add(0);
  for (const char c : prefix) add(static_cast<std::uint8_t>(c) & 31);
}

bech32_checksum::~bech32_checksum() {
  sodium_memzero(&state_, sizeof state_);
}

void bech32_checksum::add(unsigned symbol) {
  constexpr std::uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const std::uint32_t top = state_ >> 25;
  state_ = (state_ & 0x1ffffff) << 5 ^ symbol;
  for (unsigned i = 0; i != 5; ++i)
    if (top >> i & 1) state_ ^= generator[i];
}

void bech32_checksum::finish(std::span<std::byte, bech32_checksum_size> checksum) {
  for (std::size_t i = 0; i != checksum.size(); ++i) add(0);
  state_ ^= 1;
  for (unsigned i = 0; i != checksum.size(); ++i) checksum[i] = static_cast<std::byte>(state_ >> (5 * (5 - i)) & 31);
}

std::string bech32_encode(std::string_view prefix, const byte_array<32>& key) {
  std::string text;
  text.reserve(prefix.size() + 1 + key_symbols +
               bech32_checksum_size);  // one allocation, so that the caller can wipe it
  text.append(prefix).append("1");
  bech32_checksum sum(prefix);
  const auto put = [&](unsigned symbol) {
    sum.add(symbol);
    text += bech32_alphabet[symbol];
  };
  unsigned bits = 0, bit_count = 0;
  for (const std::byte b : key) {
    bits = bits << 8 | std::to_integer<unsigned>(b);
    for (bit_count += 8; bit_count >= 5; bit_count -= 5) put(bits >> (bit_count - 5) & 31);
  }
  put(bits << (5 - bit_count) & 31);

  byte_array<bech32_checksum_size> checksum;
  sum.finish(checksum);
  for (const std::byte symbol : checksum) text += bech32_alphabet[std::to_integer<std::size_t>(symbol)];
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
  if (lower.size() != prefix.size() + 1 + key_symbols + bech32_checksum_size || !lower.starts_with(prefix) ||
      lower[prefix.size()] != '1')
    return std::nullopt;

  bech32_checksum sum(prefix);
  std::optional<byte_array<32>> key(std::in_place);  // returned without a copy, which would leave a private key behind
  std::size_t written = 0;
  unsigned bits = 0, bit_count = 0;
  const std::string_view symbols = std::string_view(lower).substr(prefix.size() + 1);
  for (std::size_t i = 0; i != symbols.size(); ++i) {
    const std::size_t symbol = bech32_alphabet.find(symbols[i]);
    if (symbol == std::string_view::npos) return std::nullopt;
    sum.add(static_cast<unsigned>(symbol));
    if (i >= key_symbols) continue;
    bits = (bits << 5 | static_cast<unsigned>(symbol)) & 0xfff;
    bit_count += 5;
    if (bit_count >= 8) {
      bit_count -= 8;
      (*key)[written++] = static_cast<std::byte>(bits >> bit_count & 0xff);
    }
  }
  const bool padding_is_zero = (bits & ((1u << bit_count) - 1)) == 0;
  if (!sum.is_right() || !padding_is_zero) return std::nullopt;
  return key;
}

}  // namespace reinstate::crypto
