// SPDX-License-Identifier: BSL-1.0
#include "managed/release_outbox_note.hpp"

#include "format/cbor/cbor.hpp"
#include "managed/proof_codec.hpp"

namespace reinstate::managed {
namespace {

constexpr std::uint64_t current_version = 1;

enum field : std::uint64_t { version = 1, orders = 2 };

std::vector<owner_proof> read_array(cbor::reader& in) {
  std::vector<owner_proof> out;
  std::uint64_t left = in.array();
  if (left > max_orders) in.fail();
  for (; left != 0 && in.ok(); --left) {
    const auto order = read_owner_proof(in.bytes());
    if (!order || order->action != owner_action::release) in.fail();
    if (in.ok()) out.push_back(*order);
  }
  return out;
}

}  // namespace

note_store::document write_orders(const std::vector<owner_proof>& proofs) {
  note_store::document bytes;
  cbor::writer out(bytes);
  out.map(2);
  out.unsigned_integer(version);
  out.unsigned_integer(current_version);
  out.unsigned_integer(orders);
  out.array(proofs.size());
  for (const owner_proof& proof : proofs) out.bytes(encode(proof));
  return bytes;
}

result<std::vector<owner_proof>> read_orders(crypto::byte_span note) {
  std::vector<owner_proof> out;
  std::uint64_t found_version = 0;
  cbor::reader in(note);
  const auto found = cbor::read_map(in, [&](std::uint64_t key) {
    if (key == version) found_version = in.unsigned_integer();
    if (key == orders && found_version == current_version) out = read_array(in);
    return key == version || (key == orders && found_version == current_version);
  });
  if (in.ok() && found_version > current_version) return errc::store_version_unsupported;
  if (!cbor::complete(in, found, cbor::bit(version) | cbor::bit(orders))) return errc::store_damaged;
  return out;
}

}  // namespace reinstate::managed
