// SPDX-License-Identifier: BSL-1.0
#include "service/desk/service_key_text.hpp"

#include "crypto/bech32.hpp"
#include "crypto/bytes.hpp"

#include <sodium.h>

#include <algorithm>
#include <string>

namespace reinstate::service {
namespace {

constexpr std::size_t seed_size = 32;
constexpr std::string_view prefix = "reinstate-service-key-";
constexpr std::string_view key_line = "REINSTATE-SERVICE-KEY-1";

secret_bytes text_of(const secret_bytes& seed) {
  crypto::byte_array<seed_size> bytes;
  std::ranges::copy(seed.expose(), bytes.begin());
  std::string text = crypto::bech32_encode(prefix, bytes);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  secret_bytes out = secret_bytes::locked_copy_of(text);
  sodium_memzero(bytes.data(), bytes.size());
  sodium_memzero(text.data(), text.size());
  return out;
}

}  // namespace

secret_bytes write_key_text(const secret_bytes& seed, const service_key& key) {
  const std::string comment =
      "# The private keys of a License Management Service. They open everything that is sealed to the service; if "
      "they\n"
      "# are lost, nothing can. Keep this file secret, and a copy of it offline.\n# public key: " +
      to_string(key) + "\n";
  const secret_bytes text = text_of(seed);
  secret_bytes out = secret_bytes::locked(comment.size() + text.size() + 1);
  const auto after_comment = std::ranges::copy(crypto::bytes_of(comment), out.expose_writable().begin()).out;
  *std::ranges::copy(text.expose(), after_comment).out = std::byte{'\n'};
  return out;
}

std::optional<secret_bytes> read_key_text(std::string_view text) {
  std::optional<secret_bytes> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (out || !line.starts_with(key_line)) return std::nullopt;
    auto seed = crypto::bech32_decode(prefix, line);
    if (!seed) return std::nullopt;
    out = secret_bytes::locked_copy_of(*seed);
    sodium_memzero(seed->data(), seed->size());
  }
  return out;
}

}  // namespace reinstate::service
