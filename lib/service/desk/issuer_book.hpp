// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_DESK_ISSUER_BOOK_HPP
#define REINSTATE_SERVICE_DESK_ISSUER_BOOK_HPP

#include <reinstate/managed/revocation_list.hpp>
#include <reinstate/managed/rights_statement.hpp>
#include <reinstate/service/ledger.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace reinstate::service {

// The newest revocation list of an issuer, with its signed bytes.
struct newest_list {
  std::vector<std::byte> bytes;
  revocation_list content;
};

// A snapshot of the issuers that a service knows, and of their revocation lists.
class issuer_book {
 public:
  using lists = std::map<ed25519_public_key, std::shared_ptr<const newest_list>>;

  issuer_book(std::vector<trusted_issuer> issuers, lists revoked)
      : issuers_(std::move(issuers)), revoked_(std::move(revoked)) {}

  bool knows(std::string_view name, const ed25519_public_key& key) const noexcept;

  // Returns null if the issuer has no revocation list yet.
  const newest_list* list_of(const ed25519_public_key& issuer) const noexcept;

 private:
  std::vector<trusted_issuer> issuers_;
  lists revoked_;
};

// Reads the issuers from the ledger, which another process may have changed since the last time. Parses a list only if
// it changed, since checking the signature of a long list is slow. Thread safety: any function from any thread.
class issuer_cache {
 public:
  // Errors: those of the ledger; ledger_damaged for an invalid list, so that no revoked license passes without it.
  result<issuer_book> current(ledger& ledger);

 private:
  std::mutex mutex_;
  issuer_book::lists known_;
};

}  // namespace reinstate::service

#endif
