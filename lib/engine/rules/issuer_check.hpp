// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_ISSUER_CHECK_HPP
#define REINSTATE_ENGINE_RULES_ISSUER_CHECK_HPP

#include "core/failure.hpp"
#include "crypto/bytes.hpp"
#include "license/metadata.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace reinstate::engine {

// Checks licenses against what their issuers signed: the statement that came with each, and the revocation lists that
// this machine has seen.
//
// Lifetime: the configuration must outlive it. Not for several threads at a time.
class issuer_check {
 public:
  explicit issuer_check(const backup_restorer_config& config) : config_(config) {}

  // Returns the issuer's statement about a license, or nullopt if there is none and none is needed. `metadata` is its
  // metadata, nullopt if that cannot be read. [C58, C107]
  // Errors: backup_right_absent, service_required, license_not_authentic.
  result<std::optional<signed_statement>> read_statement(const license_record& item,
                                                         const std::optional<metadata_view>& metadata) const;

  // Returns the reason why a license with this statement may neither leave its machine nor come to another one, or
  // success if it may. `payload` is nullopt while it is sealed.
  // Errors: license_not_authentic, license_revoked; those of the store's notes.
  error_code objection(const std::optional<signed_statement>& statement, std::optional<crypto::byte_span> payload);

  // Returns, of each issuer met so far, the version of the list that this machine has, or 0.
  std::vector<known_revocations> known_lists() const;

  // Uses a list from now on, if it is newer than the known one and of an issuer met so far.
  void learn(crypto::byte_span list);

  // Keeps the lists that were learned among the store's notes, for later restores. The service sends again what cannot
  // be kept. Preconditions: no batch of the store is open.
  void keep_learned();

 private:
  error_code check_revocations(const signed_statement& statement);
  bool is_trusted(const ed25519_public_key& key, std::string_view name) const noexcept;

  const backup_restorer_config& config_;
  std::map<ed25519_public_key, std::optional<revocation_list>> lists_;  // of the issuers met so far
  std::vector<std::vector<std::byte>> learned_;
};

}  // namespace reinstate::engine

#endif
