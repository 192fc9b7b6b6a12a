// SPDX-License-Identifier: BSL-1.0
#include "../managed/fixed_keys.hpp"
#include "managed/proof_codec.hpp"
#include "managed/release_outbox_note.hpp"
#include "managed/signed_document.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

// Gives bytes to everything that reads what strangers send about managed licenses. The first byte chooses the reader,
// and whether the rest are the bytes themselves or differences to something valid, so that its fields are reached from
// the start. What is read must be the same when it is written and read again.

namespace {

using namespace reinstate;
using namespace reinstate::test;

const fixed_keys& keys() {
  static const fixed_keys all;
  return all;
}

void require(bool condition) {
  if (!condition) std::abort();
}

// A document whose map is the input, with the signature that it needs to be read at all.
bytes signed_map(std::string_view kind, const bytes& map) {
  return managed::sign_document(kind, map, keys().issuer).value();
}

void read_statement(const bytes& input) {
  if (const auto read = parse_statement(input)) {
    const auto again = sign_statement(read->statement, keys().issuer);
    require(again && parse_statement(*again)->statement == read->statement);
  }
}

void read_list(const bytes& input) {
  if (const auto read = parse_revocation_list(input)) {
    const auto again = sign_revocation_list(read->list, keys().issuer);
    require(again && parse_revocation_list(*again)->list == read->list);
    for (const license_id& id : read->list.licenses) require(is_revoked(read->list, id, {}, {}));
  }
}

void read_proof(const bytes& input) {
  if (const auto read = managed::read_owner_proof(input)) {
    require(std::ranges::equal(managed::encode(*read), input));
    (void)managed::check_owner_proof(*read, keys().service);
  }
}

void read_note(const bytes& input) {
  if (const auto read = managed::read_orders(input))
    require(managed::read_orders(managed::write_orders(*read)).value() == *read);
}

void read_service_key(const bytes& input) {
  const std::string_view text = crypto::text_of(input);
  if (const auto read = parse_service_key(text)) require(to_string(*read) == text);
}

void read_sealed(const bytes& input) {
  (void)managed::read_certificate(input);
  crypto::secret_buffer payload;
  if (managed::certificate_of(input)) (void)managed::open_payload(secret(1), input, payload);
}

struct target {
  void (*read)(const bytes&);
  bytes valid;
};

bytes without_signature(bytes document) {
  document.resize(document.size() - 96);
  return document;
}

const std::array<target, 8>& targets() {
  static const std::array<target, 8> all = [] {
    fixed_keys known;
    const backup_owner owner(known.recovery.clone());
    const owner_proof proof =
        owner.prove(owner_action::release, known.service_keys, {}, known.origin.id(), known.now).value();
    const auto certificate = known.sealer().certificate();
    const auto encoded = managed::encode(proof);
    return std::array<target, 8>{{
        {read_statement, known.statement()},
        {[](const bytes& map) { read_statement(signed_map("reinstate rights statement v1", map)); },
         without_signature(known.statement())},
        {read_list, known.list()},
        {[](const bytes& map) { read_list(signed_map("reinstate revocation list v1", map)); },
         without_signature(known.list())},
        {read_proof, bytes(encoded.begin(), encoded.end())},
        {read_note, managed::write_orders({proof, proof})},
        {read_service_key, fixed_keys::bytes_of(to_string(known.service_keys))},
        {read_sealed, bytes(certificate.begin(), certificate.end())},
    }};
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const target& chosen = targets()[data[0] % targets().size()];
  const auto rest = std::as_bytes(std::span(data + 1, size - 1));
  bytes input(rest.begin(), rest.end());
  if (data[0] >= 0x80) {
    input.resize(std::max(input.size(), chosen.valid.size()));
    for (std::size_t i = 0; i != chosen.valid.size(); ++i) input[i] ^= chosen.valid[i];
  }
  chosen.read(input);
  return 0;
}
