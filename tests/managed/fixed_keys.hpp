// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_MANAGED_FIXED_KEYS_HPP
#define REINSTATE_TESTS_MANAGED_FIXED_KEYS_HPP

#include "crypto/ed25519.hpp"
#include "crypto/x25519.hpp"
#include "managed/managed_seal.hpp"

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <string_view>
#include <vector>

// One issuer, one service, two machines, one owner and one license, always the same: those of the page.

namespace reinstate::test {

using bytes = std::vector<std::byte>;
using managed::byte_span;

// first, first + 1, ...
template <std::size_t Size>
crypto::byte_array<Size> counting(unsigned first) {
  crypto::byte_array<Size> out{};
  for (std::size_t i = 0; i != Size; ++i) out[i] = static_cast<std::byte>(first + i);
  return out;
}

inline secret_bytes secret(unsigned first) {
  return secret_bytes::copy_of(counting<32>(first));
}

// A machine whose keys are known.
class fixed_machine final : public machine_identity {
 public:
  fixed_machine(unsigned agreement, unsigned signing) : agreement_(secret(agreement)), signing_(secret(signing)) {}

  result<machine_public_identity> public_identity() override {
    return machine_public_identity{crypto::x25519_public_key(agreement_), crypto::ed25519_public_key(signing_)};
  }
  result<ed25519_signature> sign(std::span<const std::byte> message) override {
    return crypto::ed25519_sign(signing_, message);
  }
  result<secret_bytes> agree(const x25519_public_key& peer) override { return crypto::x25519_agree(agreement_, peer); }
  result<secret_bytes> store_key() override { return errc::needs_individualization; }
  result<void> individualize() override { return {}; }

  machine_id id() { return public_identity()->signing; }

 private:
  secret_bytes agreement_, signing_;
};

struct fixed_keys {
  secret_bytes issuer = secret(0x00), service = secret(0x20), ephemeral = secret(0x80), recovery = secret(0xc0);
  service_key service_keys{crypto::x25519_public_key(service), crypto::ed25519_public_key(secret(0xa0))};
  fixed_machine origin{0x50, 0x40}, asking{0x60, 0xe0};
  std::chrono::sys_seconds now{std::chrono::seconds{1'795'391'769}};
  bytes payload = bytes_of("payload");

  static bytes bytes_of(std::string_view text) {
    const byte_span from = crypto::bytes_of(text);
    return {from.begin(), from.end()};
  }

  rights_statement rights() const {
    rights_statement out;
    out.id.bytes = counting<16>(0x00);
    out.key.bytes = counting<16>(0x10);
    out.issuer = "Example Films";
    out.user = "user-7";
    out.backup = backup_right::managed;
    out.not_after = std::chrono::sys_seconds{std::chrono::seconds{1'893'456'000}};
    out.uses = 3;
    out.payload_digest = digest_of_payload(payload);
    return out;
  }
  bytes statement() const { return sign_statement(rights(), issuer).value(); }

  revocation_list revocations() const {
    revocation_list out{"Example Films", 7, now, {}, {}, {"user-8", "user-9"}};
    for (const unsigned first : {0x20u, 0x30u}) out.licenses.push_back({counting<16>(first)});
    out.keys.push_back({counting<16>(0x40)});
    return out;
  }
  bytes list() const { return sign_revocation_list(revocations(), issuer).value(); }

  x25519_public_key owner() const { return crypto::x25519_public_key(recovery); }
  managed::payload_sealer sealer() {
    return managed::payload_sealer::make(origin, service_keys.agreement, owner(), now, ephemeral).value();
  }
  // What the service and whoever sealed share.
  secret_bytes seal_secret() const {
    return crypto::x25519_agree(service, crypto::x25519_public_key(ephemeral)).value();
  }
};

// Each of these bytes with one bit flipped, and each beginning of them, given to `refuses`; nothing else may pass.
template <class Refuses>
std::size_t accepted_variants(const bytes& whole, Refuses refuses) {
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit != 8 * whole.size(); ++bit) {
    bytes changed = whole;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    accepted += !refuses(changed);
  }
  for (std::size_t size = 0; size != whole.size(); ++size)
    accepted += !refuses(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
  bytes longer = whole;
  longer.push_back({});
  accepted += !refuses(longer);
  return accepted;
}

}  // namespace reinstate::test

#endif
