// SPDX-License-Identifier: BSL-1.0
#include "engine/rules/issuer_check.hpp"

#include "engine/rules/right_check.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// Returns true if a statement is about this very license, as far as that can be seen without its payload.
bool agrees(const rights_statement& statement, const license_record& item, const metadata_view& metadata) {
  return statement.id == item.id && statement.key == item.key && statement.backup == item.backup &&
         statement.issuer == metadata.issuer && statement.not_before == metadata.not_before &&
         statement.not_after == metadata.not_after;
}

}  // namespace

// Refuses a statement that does not hold even if none is needed: the license or the statement was changed.
result<std::optional<signed_statement>> issuer_check::read_statement(
    const license_record& item, const std::optional<metadata_view>& metadata) const {
  if (const error_code refusal = refusal_by_right(item, config_)) return refusal;
  if (!metadata || metadata->statement.empty()) {
    const bool needs_none = item.backup == backup_right::granted && config_.trusted_issuers.empty();
    if (!needs_none) return errc::license_not_authentic;
    return std::optional<signed_statement>();
  }
  auto found = parse_statement(metadata->statement);
  if (!found) return found.error();
  if (!agrees(found->statement, item, *metadata)) return errc::license_not_authentic;
  if (!config_.trusted_issuers.empty() && !is_trusted(found->signer, metadata->issuer))
    return errc::license_not_authentic;
  return std::optional(*std::move(found));
}

error_code issuer_check::objection(const std::optional<signed_statement>& statement,
                                   std::optional<crypto::byte_span> payload) {
  if (!statement) return {};
  if (payload && statement->statement.payload_digest != digest_of_payload(*payload)) return errc::license_not_authentic;
  return check_revocations(*statement);
}

error_code issuer_check::check_revocations(const signed_statement& statement) {
  auto found = lists_.find(statement.signer);
  if (found == lists_.end()) {
    std::optional<revocation_list> list;
    if (note_store* const notes = config_.store->notes()) {
      auto kept = find_revocation_list(*notes, statement.signer);
      if (!kept) return kept.error();
      list = std::move(*kept);
    }
    found = lists_.emplace(statement.signer, std::move(list)).first;
  }
  const std::optional<revocation_list>& list = found->second;
  const rights_statement& rights = statement.statement;
  return list && is_revoked(*list, rights.id, rights.key, rights.user) ? make_error_code(errc::license_revoked)
                                                                       : error_code();
}

bool issuer_check::is_trusted(const ed25519_public_key& key, std::string_view name) const noexcept {
  return std::ranges::any_of(config_.trusted_issuers,
                             [&](const trusted_issuer& each) { return each.key == key && each.name == name; });
}

std::vector<known_revocations> issuer_check::known_lists() const {
  std::vector<known_revocations> out;
  for (const auto& [issuer, list] : lists_) out.push_back({issuer, list ? list->version : 0});
  return out;
}

void issuer_check::learn(crypto::byte_span list) {
  auto given = parse_revocation_list(list);
  if (!given) return;
  const auto met = lists_.find(given->signer);
  if (met == lists_.end() || (met->second && met->second->version >= given->list.version)) return;
  met->second = std::move(given->list);
  learned_.emplace_back(list.begin(), list.end());
}

void issuer_check::keep_learned() {
  note_store* const notes = config_.store->notes();
  if (notes == nullptr) return;
  for (const auto& list : learned_) (void)store_revocation_list(*notes, list);
  learned_.clear();
}

}  // namespace reinstate::engine
