// SPDX-License-Identifier: BSL-1.0
#include "crypto/base64.hpp"

#include "crypto/sodium_ready.hpp"

#include <algorithm>

namespace reinstate::crypto {
namespace {

int variant_of(base64_alphabet alphabet) noexcept {
  return alphabet == base64_alphabet::standard ? sodium_base64_VARIANT_ORIGINAL_NO_PADDING
                                               : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
}

}  // namespace

std::string base64_encode(byte_span bytes, base64_alphabet alphabet) {
  const int variant = variant_of(alphabet);
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), variant);
  text.pop_back();  // the terminator
  return text;
}

std::optional<std::vector<std::byte>> base64_decode(std::string_view text, base64_alphabet alphabet) {
  // libsodium 1.0.18 takes any byte above 0x7f for the last character of the alphabet.
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; })) return std::nullopt;
  std::vector<std::byte> bytes(text.size() / 4 * 3 + 2);
  std::size_t size = 0;
  const char* end = nullptr;
  // libsodium refuses trailing bits that are not zero and, in these variants, any padding.
  if (sodium_base642bin(raw(writable_bytes(bytes)), bytes.size(), text.data(), text.size(), nullptr, &size, &end,
                        variant_of(alphabet)) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

}  // namespace reinstate::crypto
