// SPDX-License-Identifier: BSL-1.0
#include "identity/machine_keys.hpp"

#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace reinstate {
namespace {

constexpr std::string_view magic = "REINSTID";
constexpr std::byte version{1};
constexpr std::size_t key_size = 32;
constexpr std::size_t version_offset = magic.size();
constexpr std::size_t agreement_offset = 16;
constexpr std::size_t signing_offset = agreement_offset + key_size;
constexpr std::size_t store_offset = signing_offset + key_size;
constexpr std::size_t digest_offset = store_offset + key_size;
static_assert(digest_offset + sizeof(crypto::digest) == machine_keys::image_size);

// Returns true if the bytes begin as an image of some version and end with the digest of all bytes before it.
bool is_whole(std::span<const std::byte> image) noexcept {
  crypto::digest claimed{};
  if (image.size() <= version_offset + claimed.size()) return false;
  std::ranges::copy(image.last(claimed.size()), claimed.begin());
  const bool has_magic = std::ranges::equal(image.first(magic.size()), crypto::bytes_of(magic));
  return has_magic && crypto::equal(claimed, crypto::hash(image.first(image.size() - claimed.size())));
}

}  // namespace

machine_keys::machine_keys(secret_bytes agreement, secret_bytes signing_seed, secret_bytes store_key) noexcept
    : agreement_(std::move(agreement)), signing_seed_(std::move(signing_seed)), store_key_(std::move(store_key)) {
}

machine_keys machine_keys::generate() {
  return {crypto::random_secret(key_size), crypto::random_secret(key_size), crypto::random_secret(key_size)};
}

result<machine_keys> machine_keys::from_image(const secret_bytes& image) {
  const auto bytes = image.expose();
  if (!is_whole(bytes)) return errc::identity_damaged;
  if (bytes[version_offset] > version) return errc::identity_version_unsupported;
  if (bytes[version_offset] != version || bytes.size() != image_size) return errc::identity_damaged;
  const auto key = [&](std::size_t offset) { return secret_bytes::locked_copy_of(bytes.subspan(offset, key_size)); };
  return machine_keys(key(agreement_offset), key(signing_offset), key(store_offset));
}

secret_bytes machine_keys::to_image() const {
  secret_bytes image = secret_bytes::locked(image_size);
  const auto bytes = image.expose_writable();
  const auto put = [&](std::size_t offset, std::span<const std::byte> field) {
    std::ranges::copy(field, bytes.subspan(offset).begin());
  };
  put(0, crypto::bytes_of(magic));
  bytes[version_offset] = version;
  put(agreement_offset, agreement_.expose());
  put(signing_offset, signing_seed_.expose());
  put(store_offset, store_key_.expose());
  put(digest_offset, crypto::hash(bytes.first(digest_offset)));
  return image;
}

machine_public_identity machine_keys::public_identity() const {
  return {crypto::x25519_public_key(agreement_), crypto::ed25519_public_key(signing_seed_)};
}

ed25519_signature machine_keys::sign(std::span<const std::byte> message) const {
  return crypto::ed25519_sign(signing_seed_, message);
}

result<secret_bytes> machine_keys::agree(const x25519_public_key& peer) const {
  return crypto::x25519_agree(agreement_, peer);
}

}  // namespace reinstate
