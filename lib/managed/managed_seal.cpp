// SPDX-License-Identifier: BSL-1.0
#include "managed/managed_seal.hpp"

#include "crypto/aead.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "managed/fields.hpp"
#include "managed/signed_document.hpp"

namespace reinstate::managed {
namespace {

constexpr std::string_view certificate_label = "reinstate seal certificate v1";
constexpr std::string_view key_label = "reinstate managed license v1";
constexpr crypto::byte_array<1> version{std::byte{1}};
constexpr std::size_t signed_size = certificate_size - 64;
constexpr crypto::byte_array<12> no_nonce{};  // each key is used for one message

byte_array<certificate_label.size() + signed_size> signed_bytes(std::span<const std::byte, signed_size> certificate) {
  return concatenated<certificate_label.size() + signed_size>(crypto::bytes_of(certificate_label), certificate);
}

void derive_license_key(const secret_bytes& shared, const license_id& id, const crypto::digest& certificate,
                        byte_span statement, std::span<std::byte, license_key_size> output) {
  const auto info =
      concatenated<key_label.size() + 64>(crypto::bytes_of(key_label), certificate, crypto::hash(statement));
  crypto::hkdf_sha256(shared.expose(), id.bytes, info, output);
}

}  // namespace

result<seal_certificate> read_certificate(byte_span certificate) {
  if (certificate.size() != certificate_size) return errc::license_not_authentic;
  field_reader in(certificate);
  if (in.take<1>() != version) return errc::license_not_authentic;
  seal_certificate out;
  out.ephemeral = in.take<32>();
  out.service = in.take<32>();
  out.origin = in.take<32>();
  out.owner = in.take<32>();
  out.created = in.take_instant();
  if (!is_plausible(out.created) ||
      !crypto::ed25519_verify(out.origin, signed_bytes(certificate.first<signed_size>()), in.take<64>()))
    return errc::license_not_authentic;
  return out;
}

payload_sealer::payload_sealer(const certificate_bytes& certificate, secret_bytes shared) noexcept
    : certificate_(certificate), certificate_digest_(crypto::hash(certificate)), shared_(std::move(shared)) {
}

result<payload_sealer> payload_sealer::make(machine_identity& identity, const x25519_public_key& service,
                                            const x25519_public_key& owner, std::chrono::sys_seconds created) {
  return make(identity, service, owner, created, crypto::random_secret(32));
}

result<payload_sealer> payload_sealer::make(machine_identity& identity, const x25519_public_key& service,
                                            const x25519_public_key& owner, std::chrono::sys_seconds created,
                                            const secret_bytes& ephemeral) {
  if (!is_plausible(created)) return errc::invalid_argument;
  auto shared = crypto::x25519_agree(ephemeral, service);
  if (!shared) return shared.error();
  const auto keys = identity.public_identity();
  if (!keys) return keys.error();
  const auto signed_part = concatenated<signed_size>(version, crypto::x25519_public_key(ephemeral), service,
                                                     keys->signing, owner, bytes_of(created));
  const auto signature = identity.sign(signed_bytes(signed_part));
  if (!signature) return signature.error();
  return payload_sealer(concatenated<certificate_size>(signed_part, *signature), *std::move(shared));
}

void payload_sealer::seal(const license_id& id, byte_span statement, byte_span payload,
                          crypto::secret_buffer& out) const {
  out.resize(payload.size() + seal_overhead);
  const crypto::writable_bytes sealed = out;
  std::ranges::copy(certificate_, sealed.begin());
  byte_array<license_key_size> key{};
  derive_license_key(shared_, id, certificate_digest_, statement, key);
  crypto::chacha20poly1305_seal(key, no_nonce, payload, sealed.subspan(certificate_size));
  sodium_memzero(key.data(), key.size());
}

secret_bytes license_key(const secret_bytes& shared, const license_id& id, byte_span certificate, byte_span statement) {
  secret_bytes key(license_key_size);
  derive_license_key(shared, id, crypto::hash(certificate), statement, key.expose_writable().first<license_key_size>());
  return key;
}

result<byte_span> certificate_of(byte_span sealed) {
  if (sealed.size() < seal_overhead) return errc::license_not_authentic;
  return sealed.first(certificate_size);
}

result<void> open_payload(const secret_bytes& key, byte_span sealed, crypto::secret_buffer& out) {
  out.clear();
  if (sealed.size() < seal_overhead || key.size() != license_key_size) return errc::license_not_authentic;
  out.resize(sealed.size() - seal_overhead);
  if (crypto::chacha20poly1305_open(key.expose(), no_nonce, sealed.subspan(certificate_size), out)) return {};
  out.clear();
  return errc::license_not_authentic;
}

}  // namespace reinstate::managed
