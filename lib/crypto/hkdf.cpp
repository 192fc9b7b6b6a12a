// SPDX-License-Identifier: BSL-1.0
#include "hkdf.hpp"

#include "sodium_ready.hpp"

namespace reinstate::crypto {
namespace {

class hmac {
 public:
  explicit hmac(byte_span key) noexcept { crypto_auth_hmacsha256_init(&state_, raw(key), key.size()); }
  ~hmac() { sodium_memzero(&state_, sizeof state_); }
  hmac(const hmac&) = delete;
  hmac& operator=(const hmac&) = delete;

  void update(byte_span bytes) noexcept { crypto_auth_hmacsha256_update(&state_, raw(bytes), bytes.size()); }
  void finish(writable_bytes into) noexcept { crypto_auth_hmacsha256_final(&state_, raw(into)); }

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
  secret_bytes pseudorandom_key = secret_bytes::locked(32);
  hmac extract(salt);
  extract.update(key_material);
  extract.finish(pseudorandom_key.expose_writable());

  secret_bytes out = secret_bytes::locked(32);
  hmac expand(pseudorandom_key.expose());
  expand.update(bytes_of(info));
  const std::byte block_number{1};  // one block of SHA-256 is the whole output
  expand.update({&block_number, 1});
  expand.finish(out.expose_writable());
  return out;
}

}  // namespace reinstate::crypto
