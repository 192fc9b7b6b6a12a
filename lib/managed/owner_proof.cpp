// SPDX-License-Identifier: BSL-1.0
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "managed/proof_codec.hpp"
#include "managed/signed_document.hpp"

#include <reinstate/managed/license_management_service.hpp>

#include <utility>

namespace reinstate {

backup_owner::backup_owner(secret_bytes recovery_key)
    : recovery_key_(std::move(recovery_key)), recipient_(crypto::x25519_public_key(recovery_key_)) {
}

result<owner_proof> backup_owner::prove(owner_action action, const service_key& service, const machine_id& requester,
                                        const machine_id& target, std::chrono::sys_seconds created) const {
  if (!managed::is_plausible(created)) return errc::invalid_argument;
  const auto shared = crypto::x25519_agree(recovery_key_, service.agreement);
  if (!shared) return shared.error();
  owner_proof out{action, recipient_, requester, target, created, crypto::random_array<16>(), {}};
  out.mac = managed::mac_of(out, *shared);
  return out;
}

}  // namespace reinstate
