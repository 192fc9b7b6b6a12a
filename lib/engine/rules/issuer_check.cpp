// SPDX-License-Identifier: BSL-1.0
#include "engine/rules/issuer_check.hpp"

#include "engine/rules/right_check.hpp"

#include <algorithm>

namespace reinstate::engine {
namespace {

// Whether a statement is about this very license, as far as that can be seen without its payload.
bool agrees(const rights_statement& said, const license_record& item, const metadata_view& about) {
  return said.id == item.id && said.key == item.key && said.backup == item.backup && said.issuer == about.issuer &&
         said.not_before == about.not_before && said.not_after == about.not_after;
}

}  // namespace

// A statement that does not hold is as bad as none, also where nobody asked for one: somebody changed something.
result<std::optional<signed_statement>> issuer_check::read_statement(const license_record& item,
                                                                     const std::optional<metadata_view>& about) const {
  if (const error_code refusal = refusal_by_right(item, config_)) return refusal;
  if (!about || about->statement.empty()) {
    const bool needs_none = item.backup == backup_right::granted && config_.trusted_issuers.empty();
    if (!needs_none) return errc::license_not_authentic;
    return std::optional<signed_statement>();
  }
  auto said = parse_statement(about->statement);
  if (!said) return said.error();
  if (!agrees(said->statement, item, *about)) return errc::license_not_authentic;
  if (!config_.trusted_issuers.empty() && !is_trusted(said->signer, about->issuer)) return errc::license_not_authentic;
  return std::optional(*std::move(said));
}

error_code issuer_check::objection(const std::optional<signed_statement>& said,
                                   std::optional<crypto::byte_span> payload) {
  if (!said) return {};
  if (payload && said->statement.payload_digest != digest_of_payload(*payload)) return errc::license_not_authentic;
  return check_revocations(*said);
}

error_code issuer_check::check_revocations(const signed_statement& said) {
  auto found = lists_.find(said.signer);
  if (found == lists_.end()) {
    std::optional<revocation_list> list;
    if (note_store* const notes = config_.store->notes()) {
      auto kept = find_revocation_list(*notes, said.signer);
      if (!kept) return kept.error();
      list = std::move(*kept);
    }
    found = lists_.emplace(said.signer, std::move(list)).first;
  }
  const std::optional<revocation_list>& list = found->second;
  const rights_statement& about = said.statement;
  return list && is_revoked(*list, about.id, about.key, about.user) ? make_error_code(errc::license_revoked)
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
