// SPDX-License-Identifier: BSL-1.0
#include "crypto/hkdf.hpp"

#include "crypto/sodium_ready.hpp"

namespace reinstate::crypto {
namespace {

class hmac {
 public:
  explicit hmac(byte_span key) noexcept { crypto_auth_hmacsha256_init(&state_, raw(key), key.size()); }
  ~hmac() { sodium_memzero(&state_, sizeof state_); }
  hmac(const hmac&) = delete;
  hmac& operator=(const hmac&) = delete;

  void update(byte_span bytes) noexcept { crypto_auth_hmacsha256_update(&state_, raw(bytes), bytes.size()); }
  void finish(writable_bytes output) noexcept { crypto_auth_hmacsha256_final(&state_, raw(output)); }

 private:
  crypto_auth_hmacsha256_state state_;
};

}  // namespace

byte_array<32> hmac_sha256(const secret_bytes& key, byte_span message) noexcept {
  byte_array<32> out{};
  hmac mac(key.expose());
  mac.update(message);
  mac.finish(out);
  return out;
}

secret_bytes hkdf_sha256(byte_span key_material, byte_span salt, std::string_view info) {
  secret_bytes out = secret_bytes::locked(32);
  hkdf_sha256(key_material, salt, bytes_of(info), out.expose_writable().first<32>());
  return out;
}

void hkdf_sha256(byte_span key_material, byte_span salt, byte_span info, std::span<std::byte, 32> output) noexcept {
  byte_array<32> pseudorandom_key{};
  hmac extract(salt);
  extract.update(key_material);
  extract.finish(pseudorandom_key);

  hmac expand(pseudorandom_key);
  expand.update(info);
  const std::byte block_number{1};  // one block of SHA-256 is the whole output
  expand.update({&block_number, 1});
  expand.finish(output);
  sodium_memzero(pseudorandom_key.data(), pseudorandom_key.size());
}

}  // namespace reinstate::crypto
