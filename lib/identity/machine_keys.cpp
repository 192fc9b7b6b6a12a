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
constexpr std::size_t version_at = magic.size();
constexpr std::size_t agreement_at = 16;
constexpr std::size_t signing_at = agreement_at + key_size;
constexpr std::size_t store_at = signing_at + key_size;
constexpr std::size_t digest_at = store_at + key_size;
static_assert(digest_at + sizeof(crypto::digest) == machine_keys::image_size);

// Begins as an image of some version and ends with the digest of what comes before.
bool is_whole(std::span<const std::byte> image) noexcept {
  crypto::digest claimed{};
  if (image.size() <= version_at + claimed.size()) return false;
  std::ranges::copy(image.last(claimed.size()), claimed.begin());
  const bool begins_right = std::ranges::equal(image.first(magic.size()), crypto::bytes_of(magic));
  return begins_right && crypto::equal(claimed, crypto::hash(image.first(image.size() - claimed.size())));
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
  if (bytes[version_at] > version) return errc::identity_version_unsupported;
  if (bytes[version_at] != version || bytes.size() != image_size) return errc::identity_damaged;
  const auto key = [&](std::size_t at) { return secret_bytes::locked_copy_of(bytes.subspan(at, key_size)); };
  return machine_keys(key(agreement_at), key(signing_at), key(store_at));
}

secret_bytes machine_keys::to_image() const {
  secret_bytes image = secret_bytes::locked(image_size);
  const auto bytes = image.expose_writable();
  const auto put = [&](std::size_t at, std::span<const std::byte> what) {
    std::ranges::copy(what, bytes.subspan(at).begin());
  };
  put(0, crypto::bytes_of(magic));
  bytes[version_at] = version;
  put(agreement_at, agreement_.expose());
  put(signing_at, signing_seed_.expose());
  put(store_at, store_key_.expose());
  put(digest_at, crypto::hash(bytes.first(digest_at)));
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
