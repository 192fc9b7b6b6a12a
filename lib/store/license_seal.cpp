// SPDX-License-Identifier: BSL-1.0
#include "license_seal.hpp"

#include "aead.hpp"
#include "hash.hpp"
#include "hkdf.hpp"
#include "random.hpp"

#include <algorithm>

namespace reinstate::store {
namespace {

using crypto::byte_array;
using crypto::byte_span;

constexpr std::size_t nonce_size = nonce_supply::nonce_size;
static_assert(license_seal::overhead == nonce_size + crypto::aead_tag_size);

// First byte of what a seal authenticates: keeps the proof of a machine from being taken for a license.
enum class purpose : std::uint8_t { license = 1, machine = 2 };

void append(seal_context& context, byte_span bytes) {
  context.insert(context.end(), bytes.begin(), bytes.end());
}

void append(seal_context& context, std::uint64_t value) {
  append(context, crypto::big_endian(value));
}

// What is authenticated with a payload. Only the last field varies in length, so no two rows give the same bytes:
//
//   purpose 1 | id 16 | key id 16 | revision 8 | backup 1 | which states 1 | uses left 8 | first use 8 | metadata
void describe(const license_record& record, seal_context& context) {
  const license_state& state = record.state;
  context.clear();
  context.push_back(std::byte{static_cast<std::uint8_t>(purpose::license)});
  append(context, record.id.bytes);
  append(context, record.key.bytes);
  append(context, record.revision);
  context.push_back(static_cast<std::byte>(record.backup));
  context.push_back(static_cast<std::byte>((state.uses_left ? 1 : 0) | (state.first_use ? 2 : 0)));
  append(context, state.uses_left.value_or(0));
  append(context, state.first_use ? static_cast<std::uint64_t>(state.first_use->time_since_epoch().count()) : 0);
  append(context, record.metadata);
}

// 24 random bytes do not repeat in any number of licenses a machine will ever write, so no count must be kept.
void seal_bytes(const secret_bytes& key, const byte_array<nonce_size>& nonce, byte_span context, byte_span plaintext,
                std::vector<std::byte>& sealed) {
  sealed.resize(license_seal::overhead + plaintext.size());
  std::ranges::copy(nonce, sealed.begin());
  crypto::xchacha20poly1305_seal(key.expose(), nonce, context, plaintext, std::span(sealed).subspan(nonce_size));
}

// `plaintext` has exactly the size that `sealed` says.
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

result<license_seal> license_seal::of(machine_identity& machine) {
  const auto known = machine.public_identity();
  if (!known) return known.error();
  const auto store_key = machine.store_key();
  if (!store_key) return store_key.error();
  const auto fingerprint = crypto::hash(known->agreement);
  return license_seal(fingerprint,
                      crypto::hkdf_sha256(store_key->expose(), fingerprint, "reinstate sqlite license store v1"));
}

void license_seal::seal(const license_record& record, nonce_supply& nonces, seal_context& context,
                        std::vector<std::byte>& sealed) const {
  describe(record, context);
  seal_bytes(key_, nonces.next(), context, record.payload, sealed);
}

std::optional<byte_span> license_seal::open(byte_span sealed, const license_record& record, seal_context& context,
                                            crypto::secret_buffer& plaintext) const {
  if (sealed.size() < overhead) return std::nullopt;
  const std::size_t size = sealed.size() - overhead;
  // Grows only, and wipes what it outgrows: a walk over many licenses allocates a few times.
  if (plaintext.size() < size) plaintext.resize(size);
  describe(record, context);
  const auto payload = std::span(plaintext).first(size);
  if (!open_bytes(key_, context, sealed, payload)) return std::nullopt;
  return payload;
}

std::vector<std::byte> license_seal::proof() const {
  std::vector<std::byte> sealed;
  seal_bytes(key_, crypto::random_array<nonce_size>(), machine_context(fingerprint_), {}, sealed);
  return sealed;
}

bool license_seal::recognizes(byte_span proof) const noexcept {
  return proof.size() == overhead && open_bytes(key_, machine_context(fingerprint_), proof, {});
}

}  // namespace reinstate::store
