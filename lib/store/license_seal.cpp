// SPDX-License-Identifier: BSL-1.0
#include "store/license_seal.hpp"

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"

#include <algorithm>
#include <cstring>

namespace reinstate::store {
namespace {

using crypto::byte_array;
using crypto::byte_span;

constexpr std::size_t nonce_size = nonce_supply::nonce_size;
static_assert(license_seal::overhead == nonce_size + crypto::aead_tag_size);

// The first authenticated byte of a seal: keeps the proof of a machine from being taken for a license.
enum class purpose : std::uint8_t { license = 1, machine = 2 };

void write(std::uint64_t value, std::byte* destination) noexcept {
  std::ranges::copy(crypto::big_endian(value), destination);
}

// Encrypts under a random nonce: 24 random bytes do not repeat in the licenses of a machine, so no counter is kept.
void seal_bytes(const secret_bytes& key, const byte_array<nonce_size>& nonce, byte_span context, byte_span plaintext,
                crypto::writable_bytes sealed) {
  std::ranges::copy(nonce, sealed.begin());
  crypto::xchacha20poly1305_seal(key.expose(), nonce, context, plaintext, sealed.subspan(nonce_size));
}

// Decrypts `sealed`. `plaintext` has the size of the ciphertext, and may be the ciphertext for decryption in place.
bool open_bytes(const secret_bytes& key, byte_span context, byte_span sealed, crypto::writable_bytes plaintext) {
  byte_array<nonce_size> nonce;
  std::ranges::copy(sealed.first(nonce_size), nonce.begin());
  return crypto::xchacha20poly1305_open(key.expose(), nonce, context, sealed.subspan(nonce_size), plaintext);
}

std::array<std::byte, 33> machine_context(const byte_array<32>& fingerprint) noexcept {
  std::array<std::byte, 33> context{std::byte{static_cast<std::uint8_t>(purpose::machine)}};
  std::ranges::copy(fingerprint, context.begin() + 1);
  return context;
}

}  // namespace

byte_array<nonce_size> nonce_supply::next() noexcept {
  if (used_ == drawn_.size()) {
    crypto::fill_random(drawn_);
    used_ = 0;
  }
  byte_array<nonce_size> out;
  std::ranges::copy(std::span(drawn_).subspan(used_, nonce_size), out.begin());
  used_ += nonce_size;
  return out;
}

result<license_seal> license_seal::of(machine_identity& identity) {
  const auto public_keys = identity.public_identity();
  if (!public_keys) return public_keys.error();
  const auto store_key = identity.store_key();
  if (!store_key) return store_key.error();
  const auto fingerprint = crypto::hash(public_keys->agreement);
  return license_seal(fingerprint,
                      crypto::hkdf_sha256(store_key->expose(), fingerprint, "reinstate sqlite license store v1"));
}

// Writes the data that is authenticated with a payload. Only the last field varies in length, so no two rows give the
// same bytes:
//
//   purpose 1 | id 16 | key id 16 | revision 8 | backup 1 | state flags 1 | uses left 8 | first use 8 | metadata
void license_seal::write_head(const license_record& record, std::span<std::byte, head_size> head) noexcept {
  const license_state& state = record.state;
  head[0] = std::byte{static_cast<std::uint8_t>(purpose::license)};
  std::memcpy(&head[1], record.id.bytes.data(), 16);
  std::memcpy(&head[17], record.key.bytes.data(), 16);
  write(record.revision, &head[33]);
  head[41] = static_cast<std::byte>(record.backup);
  head[42] = static_cast<std::byte>((state.uses_left ? 1 : 0) | (state.first_use ? 2 : 0));
  write(state.uses_left.value_or(0), &head[43]);
  write(state.first_use ? static_cast<std::uint64_t>(state.first_use->time_since_epoch().count()) : 0, &head[51]);
}

void license_seal::seal(const license_record& record, nonce_supply& nonces, seal_context& context,
                        crypto::writable_bytes sealed) const {
  context.resize(head_size);
  write_head(record, std::span<std::byte, head_size>(context));
  context.insert(context.end(), record.metadata.begin(), record.metadata.end());
  seal_bytes(key_, nonces.next(), context, record.payload, sealed);
}

std::optional<crypto::writable_bytes> license_seal::open(crypto::writable_bytes sealed,
                                                         byte_span context) const noexcept {
  if (sealed.size() < overhead) return std::nullopt;
  const auto payload = sealed.subspan(nonce_size, sealed.size() - overhead);
  if (!open_bytes(key_, context, sealed, payload)) return std::nullopt;
  return payload;
}

std::vector<std::byte> license_seal::proof() const {
  std::vector<std::byte> sealed(overhead);
  seal_bytes(key_, crypto::random_array<nonce_size>(), machine_context(fingerprint_), {}, sealed);
  return sealed;
}

bool license_seal::recognizes(byte_span proof) const noexcept {
  return proof.size() == overhead && open_bytes(key_, machine_context(fingerprint_), proof, {});
}

}  // namespace reinstate::store
