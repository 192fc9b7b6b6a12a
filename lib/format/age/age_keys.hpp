// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_KEYS_HPP
#define REINSTATE_FORMAT_AGE_AGE_KEYS_HPP

#include "crypto/hkdf.hpp"
#include "format/age/age_header.hpp"

#include <reinstate/machine_identity.hpp>

#include <algorithm>
#include <vector>

// The names and key derivations that both sides of a stanza share. [c2sp.org/age, "Native recipient types"]

namespace reinstate::age {

inline constexpr const char* x25519_type = "X25519";
inline constexpr const char* scrypt_type = "scrypt";
inline constexpr std::size_t scrypt_salt_size = 16;

inline secret_bytes x25519_wrap_key(const secret_bytes& shared, const x25519_public_key& share,
                                    const x25519_public_key& recipient) {
  byte_array<64> salt{};
  std::copy(share.begin(), share.end(), salt.begin());
  std::copy(recipient.begin(), recipient.end(), salt.begin() + 32);
  return crypto::hkdf_sha256(shared.expose(), salt, "age-encryption.org/v1/X25519");
}

inline std::vector<std::byte> scrypt_salt(byte_span salt) {
  const byte_span label = crypto::bytes_of("age-encryption.org/v1/scrypt");
  std::vector<std::byte> out(label.size() + salt.size());
  std::copy(salt.begin(), salt.end(), std::copy(label.begin(), label.end(), out.begin()));
  return out;
}

}  // namespace reinstate::age

#endif
