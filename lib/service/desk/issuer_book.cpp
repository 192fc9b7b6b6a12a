// SPDX-License-Identifier: BSL-1.0
#include "service/desk/issuer_book.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::service {

bool issuer_book::knows(std::string_view name, const ed25519_public_key& key) const noexcept {
  return std::ranges::any_of(issuers_,
                             [&](const trusted_issuer& issuer) { return issuer.key == key && issuer.name == name; });
}

const newest_list* issuer_book::list_of(const ed25519_public_key& issuer) const noexcept {
  const auto found = revoked_.find(issuer);
  return found == revoked_.end() ? nullptr : found->second.get();
}

result<issuer_book> issuer_cache::current(ledger& ledger) {
  auto issuers = ledger.records().issuers();
  if (!issuers) return issuers.error();
  auto lists = ledger.records().revocations();
  if (!lists) return lists.error();

  const std::lock_guard lock(mutex_);
  issuer_book::lists newest;
  for (std::vector<std::byte>& bytes : *lists) {
    const auto is_same = [&](const auto& entry) { return entry.second->bytes == bytes; };
    if (const auto known = std::ranges::find_if(known_, is_same); known != known_.end()) {
      newest.insert(*known);
      continue;
    }
    auto read = parse_revocation_list(bytes);
    if (!read) return errc::ledger_damaged;
    newest[read->signer] = std::make_shared<newest_list>(newest_list{std::move(bytes), std::move(read->list)});
  }
  known_ = newest;
  return issuer_book(*std::move(issuers), std::move(newest));
}

}  // namespace reinstate::service
