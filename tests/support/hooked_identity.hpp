// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_HOOKED_IDENTITY_HPP
#define REINSTATE_TESTS_HOOKED_IDENTITY_HPP

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <functional>
#include <memory>

namespace reinstate::test {

// An identity in memory that calls a function while it is being made: a test does there what else may happen
// meanwhile. An error the function returns is the answer, and no identity is made.
class hooked_identity final : public machine_identity {
 public:
  std::function<error_code()> meanwhile;

  result<machine_public_identity> public_identity() override { return inner_->public_identity(); }
  result<ed25519_signature> sign(std::span<const std::byte> message) override { return inner_->sign(message); }
  result<secret_bytes> agree(const x25519_public_key& peer) override { return inner_->agree(peer); }
  result<secret_bytes> store_key() override { return inner_->store_key(); }

  // One at a time, as every machine_identity: a call that comes while another runs is refused.
  result<void> individualize() override {
    if (making_) return errc::individualizing;
    making_ = true;
    const error_code answer = meanwhile ? meanwhile() : error_code();
    making_ = false;
    if (answer) return answer;
    return inner_->individualize();
  }

 private:
  std::unique_ptr<machine_identity> inner_ = make_memory_machine_identity();
  bool making_ = false;
};

}  // namespace reinstate::test

#endif
