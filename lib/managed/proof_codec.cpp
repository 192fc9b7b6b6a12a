// SPDX-License-Identifier: BSL-1.0
#include "managed/proof_codec.hpp"

#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/x25519.hpp"
#include "managed/fields.hpp"
#include "managed/signed_document.hpp"

namespace reinstate::managed {
namespace {

constexpr std::string_view label = "reinstate owner proof v1";
constexpr unsigned version = 1;
constexpr std::size_t covered_size = owner_proof_size - 32;

// Returns the bytes that the code covers.
crypto::byte_array<covered_size> covered_by_code(const owner_proof& proof) noexcept {
  const crypto::byte_array<2> start{std::byte{version}, static_cast<std::byte>(proof.action)};
  return concatenated<covered_size>(start, proof.recipient, proof.requester, proof.target, bytes_of(proof.created),
                                    proof.id);
}

bool is_action(unsigned number) noexcept {
  return number >= static_cast<unsigned>(owner_action::restore) &&
         number <= static_cast<unsigned>(owner_action::release);
}

}  // namespace

owner_proof_bytes encode(const owner_proof& proof) noexcept {
  return concatenated<owner_proof_size>(covered_by_code(proof), proof.mac);
}

result<owner_proof> read_owner_proof(crypto::byte_span bytes) {
  if (bytes.size() != owner_proof_size) return errc::ownership_not_proven;
  field_reader in(bytes);
  if (in.take_number() != version) return errc::ownership_not_proven;
  const unsigned action = in.take_number();
  owner_proof out;
  out.action = static_cast<owner_action>(action);
  out.recipient = in.take<32>();
  out.requester = in.take<32>();
  out.target = in.take<32>();
  out.created = in.take_instant();
  out.id = in.take<16>();
  out.mac = in.take<32>();
  if (!is_action(action) || !is_plausible(out.created)) return errc::ownership_not_proven;
  return out;
}

crypto::byte_array<32> mac_of(const owner_proof& proof, const secret_bytes& shared) {
  return crypto::hmac_sha256(crypto::hkdf_sha256(shared.expose(), proof.recipient, label), covered_by_code(proof));
}

result<void> check_owner_proof(const owner_proof& proof, const secret_bytes& service_agreement_key) {
  const auto shared = crypto::x25519_agree(service_agreement_key, proof.recipient);
  if (!shared || !crypto::equal(mac_of(proof, *shared), proof.mac)) return errc::ownership_not_proven;
  return {};
}

}  // namespace reinstate::managed
