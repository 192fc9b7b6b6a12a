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

// A revocation list, with its signed bytes.
struct newest_list {
  std::vector<std::byte> bytes;
  revocation_list content;
};

// The issuers whose licenses a service decides about, and what they revoked, at one moment.
class issuer_book {
 public:
  using lists = std::map<ed25519_public_key, std::shared_ptr<const newest_list>>;

  issuer_book(std::vector<trusted_issuer> issuers, lists revoked)
      : issuers_(std::move(issuers)), revoked_(std::move(revoked)) {}

  bool knows(std::string_view name, const ed25519_public_key& key) const noexcept;

  // Nothing where the issuer has revoked nothing yet.
  const newest_list* list_of(const ed25519_public_key& issuer) const noexcept;

 private:
  std::vector<trusted_issuer> issuers_;
  lists revoked_;
};

// The book as the ledger has it now: another process may have changed it since the last time. Reads a list only where
// it changed, since checking the signature of a long one takes its time. Thread safety: any function from any thread.
class issuer_shelf {
 public:
  // Errors: those of the ledger; ledger_damaged for a list that is none: what was revoked must not pass for want of it.
  result<issuer_book> book(ledger& from);

 private:
  std::mutex mutex_;
  issuer_book::lists known_;
};

}  // namespace reinstate::service

#endif
