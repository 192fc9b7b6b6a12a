// SPDX-License-Identifier: BSL-1.0
#include "managed/key_wrap.hpp"

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "managed/fields.hpp"

namespace reinstate::managed {
namespace {

constexpr std::string_view label = "reinstate key to machine v1";
constexpr crypto::byte_array<12> no_nonce{};  // each wrapping key is used for one message

secret_bytes wrapping_key(const secret_bytes& shared, const request_id& request, const license_id& id,
                          byte_span certificate, byte_span statement) {
  const auto info = concatenated<label.size() + 16 + 32 + 32>(crypto::bytes_of(label), id.bytes,
                                                              crypto::hash(certificate), crypto::hash(statement));
  secret_bytes key(32);
  crypto::hkdf_sha256(shared.expose(), request, info, key.expose_writable().first<32>());
  return key;
}

}  // namespace

wrapped_key wrap_key(const secret_bytes& shared, const request_id& request, const license_id& id, byte_span certificate,
                     byte_span statement, const secret_bytes& license_key) {
  const secret_bytes key = wrapping_key(shared, request, id, certificate, statement);
  wrapped_key out{};
  crypto::chacha20poly1305_seal(key.expose(), no_nonce, license_key.expose(), out);
  return out;
}

result<secret_bytes> unwrap_key(const secret_bytes& shared, const request_id& request, const license_id& id,
                                byte_span certificate, byte_span statement, const wrapped_key& wrapped) {
  const secret_bytes key = wrapping_key(shared, request, id, certificate, statement);
  secret_bytes out(license_key_size);
  if (!crypto::chacha20poly1305_open(key.expose(), no_nonce, wrapped, out.expose_writable()))
    return errc::service_not_authentic;
  return out;
}

}  // namespace reinstate::managed
