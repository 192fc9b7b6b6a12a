// SPDX-License-Identifier: BSL-1.0
#include "crypto/base64.hpp"
#include "crypto/hash.hpp"

#include <reinstate/managed/license_management_service.hpp>

#include <algorithm>

namespace reinstate {
namespace {

constexpr std::string_view prefix = "reinstate-service:";
constexpr std::size_t check_size = 4;

using key_bytes = crypto::byte_array<64 + check_size>;

// Returns both keys and the start of their digest.
key_bytes bytes_of(const service_key& key) noexcept {
  key_bytes out{};
  auto end = std::ranges::copy(key.agreement, out.begin()).out;
  end = std::ranges::copy(key.signing, end).out;
  const crypto::digest digest = crypto::hash(crypto::byte_span(out).first<64>());
  std::copy_n(digest.begin(), check_size, end);
  return out;
}

}  // namespace

std::string to_string(const service_key& key) {
  return std::string(prefix) + crypto::base64_encode(bytes_of(key), crypto::base64_alphabet::url);
}

result<service_key> parse_service_key(std::string_view text) {
  if (!text.starts_with(prefix)) return errc::invalid_argument;
  const auto bytes = crypto::base64_decode(text.substr(prefix.size()), crypto::base64_alphabet::url);
  if (!bytes || bytes->size() != key_bytes().size()) return errc::invalid_argument;
  service_key key;
  std::copy_n(bytes->begin(), 32, key.agreement.begin());
  std::copy_n(bytes->begin() + 32, 32, key.signing.begin());
  if (!std::ranges::equal(bytes_of(key), *bytes)) return errc::invalid_argument;
  return key;
}

}  // namespace reinstate
