// SPDX-License-Identifier: BSL-1.0
#include "machine_keys.hpp"

#include <reinstate/memory_machine_identity.hpp>

#include <optional>

namespace reinstate {
namespace {

class memory_machine_identity final : public machine_identity {
 public:
  result<machine_public_identity> public_identity() override {
    if (!keys_) return errc::needs_individualization;
    return keys_->public_identity();
  }

  result<ed25519_signature> sign(std::span<const std::byte> message) override {
    if (!keys_) return errc::needs_individualization;
    return keys_->sign(message);
  }

  result<secret_bytes> agree(const x25519_public_key& peer) override {
    if (!keys_) return errc::needs_individualization;
    return keys_->agree(peer);
  }

  result<secret_bytes> store_key() override {
    if (!keys_) return errc::needs_individualization;
    return keys_->store_key();
  }

  result<void> individualize() override {
    if (!keys_) keys_ = machine_keys::generate();
    return {};
  }

 private:
  std::optional<machine_keys> keys_;
};

}  // namespace

std::unique_ptr<machine_identity> make_memory_machine_identity() {
  return std::make_unique<memory_machine_identity>();
}

}  // namespace reinstate
