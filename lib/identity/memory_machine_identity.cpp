// SPDX-License-Identifier: BSL-1.0
#include "identity/machine_keys.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <mutex>
#include <optional>

namespace reinstate {
namespace {

class memory_machine_identity final : public machine_identity {
 public:
  result<machine_public_identity> public_identity() override {
    const machine_keys* const own = keys();
    if (own == nullptr) return errc::needs_individualization;
    return own->public_identity();
  }

  result<ed25519_signature> sign(std::span<const std::byte> message) override {
    const machine_keys* const own = keys();
    if (own == nullptr) return errc::needs_individualization;
    return own->sign(message);
  }

  result<secret_bytes> agree(const x25519_public_key& peer) override {
    const machine_keys* const own = keys();
    if (own == nullptr) return errc::needs_individualization;
    return own->agree(peer);
  }

  result<secret_bytes> store_key() override {
    const machine_keys* const own = keys();
    if (own == nullptr) return errc::needs_individualization;
    return own->store_key();
  }

  result<void> individualize() override {
    const std::lock_guard lock(mutex_);
    if (!keys_) keys_ = machine_keys::generate();
    return {};
  }

 private:
  // Returns the keys, which never change, or null before individualization.
  const machine_keys* keys() {
    const std::lock_guard lock(mutex_);
    return keys_ ? &*keys_ : nullptr;
  }

  std::mutex mutex_;
  std::optional<machine_keys> keys_;
};

}  // namespace

std::unique_ptr<machine_identity> make_memory_machine_identity() {
  return std::make_unique<memory_machine_identity>();
}

}  // namespace reinstate
