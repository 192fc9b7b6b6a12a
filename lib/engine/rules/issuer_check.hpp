// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_RULES_ISSUER_CHECK_HPP
#define REINSTATE_ENGINE_RULES_ISSUER_CHECK_HPP

#include "crypto/bytes.hpp"
#include "engine/set/failure.hpp"
#include "license/metadata.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace reinstate::engine {

// Holds licenses to what their issuers said: in the statement that came with each, and in the revocation lists that
// this machine has seen.
//
// Lifetime: the configuration must outlive it. Not for several threads at a time.
class issuer_check {
 public:
  explicit issuer_check(const backup_restorer_config& config) : config_(config) {}

  // What the issuer said of a license; nothing where nobody said anything and nobody needs to. `about` is what its
  // metadata says, nothing where that cannot be read. [C58, C107]
  // Errors: backup_right_absent, service_required, license_not_authentic.
  result<std::optional<signed_statement>> read_statement(const license_record& item,
                                                         const std::optional<metadata_view>& about) const;

  // Why a license may neither leave its machine nor come to another one, going by that; success where it may. `payload`
  // is nothing while it is sealed.
  // Errors: license_not_authentic, license_revoked; those of the store's notes.
  error_code objection(const std::optional<signed_statement>& said, std::optional<crypto::byte_span> payload);

  // Of the issuers met so far: the version of the list that this machine has, or 0.
  std::vector<known_revocations> known_lists() const;

  // A list that is newer than what is known counts from now on, if it is of an issuer met so far.
  void learn(crypto::byte_span list);

  // Keeps what was learned among the store's notes, for later restores. Not while a batch of the store is open. What
  // cannot be kept is sent by the service again.
  void keep_learned();

 private:
  error_code check_revocations(const signed_statement& said);
  bool is_trusted(const ed25519_public_key& key, std::string_view name) const noexcept;

  const backup_restorer_config& config_;
  std::map<ed25519_public_key, std::optional<revocation_list>> lists_;  // of the issuers met so far
  std::vector<std::vector<std::byte>> learned_;
};

}  // namespace reinstate::engine

#endif
