// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_connection.hpp"
#include "service/ledger/ledger_database.hpp"

#include <algorithm>
#include <utility>

namespace reinstate {
namespace {

using namespace service;

sqlite::result<claim_outcome> claim_one(ledger_rows& rows, const slot_claim& claim, instant now) {
  const x25519_public_key* owner = claim.owner ? &*claim.owner : nullptr;
  const auto facts = rows.facts(claim.license, claim.machine, &claim.origin, owner);
  if (!facts) return facts.error();
  const decided_claim decided = decide(claim, *facts, now);
  if (const auto done = rows.apply(claim.license, decided.changes, now); !done) return done.error();
  return decided.outcome;
}

sqlite::result<release_outcome> release_one(ledger_rows& rows, const slot_release& release, instant now) {
  const auto done = rows.done(release.license, release.order);
  if (!done) return done.error();
  const auto facts = rows.facts(release.license, release.machine, nullptr, nullptr);
  if (!facts) return facts.error();
  const decided_release decided = decide(release, *facts, *done, now);
  if (!decided.changes) return decided.outcome;
  if (const auto put = rows.apply(release.license, *decided.changes, now); !put) return put.error();
  if (const auto put = rows.put_done(release.license, release.order, *facts->own, now); !put) return put.error();
  return decided.outcome;
}

sqlite::result<void> use_one(ledger_rows& rows, const slot_use& use) {
  const auto facts = rows.facts(use.license, use.machine, nullptr, nullptr);
  if (!facts) return facts.error();
  const auto account = decide(use, *facts);
  return account ? rows.put_account(use.license, *account) : sqlite::result<void>();
}

// Puts the outcome of each item into `out`, in order. Stops at the first error.
template <class Outcome, class Asked, class One>
sqlite::result<void> each(std::vector<Outcome>& out, std::span<const Asked> asked, One one) {
  out.clear();
  out.reserve(asked.size());
  for (const Asked& item : asked) {
    auto outcome = one(item);
    if (!outcome) return outcome.error();
    out.push_back(*std::move(outcome));
  }
  return {};
}

// Returns the value if the work that filled it succeeded, otherwise the error.
template <class T>
result<T> given(const result<void>& done, T& value) {
  if (!done) return done.error();
  return std::move(value);
}

class sqlite_ledger final : public ledger, service_records {
 public:
  using connection = std::unique_ptr<ledger_connection>;

  sqlite_ledger(connection writer, connection reader) : writer_(std::move(writer)), reader_(std::move(reader)) {}

  result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims, instant now) override {
    std::vector<claim_outcome> out;
    const auto done = writer_->write([&](ledger_rows& rows) {
      return each(out, claims, [&](const slot_claim& one) { return claim_one(rows, one, now); });
    });
    return given(done, out);
  }

  result<std::vector<release_outcome>> release(std::span<const slot_release> releases, instant now) override {
    std::vector<release_outcome> out;
    const auto done = writer_->write([&](ledger_rows& rows) {
      return each(out, releases, [&](const slot_release& one) { return release_one(rows, one, now); });
    });
    return given(done, out);
  }

  result<void> report(std::span<const slot_use> uses) override {
    return writer_->write([&](ledger_rows& rows) {
      sqlite::result<void> done;
      for (const slot_use& use : uses)
        if (done) done = use_one(rows, use);
      return done;
    });
  }

  result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) override {
    return listed<owned_slot>([&](ledger_rows& rows) { return rows.slots_of(owner); });
  }

  service_records& records() noexcept override { return *this; }

 private:
  template <class T, class List>
  result<std::vector<T>> listed(List list) {
    std::vector<T> out;
    const auto done = reader_->read([&](ledger_rows& rows) -> sqlite::result<void> {
      auto found = list(rows);
      if (!found) return found.error();
      out = *std::move(found);
      return {};
    });
    return given(done, out);
  }

  result<void> put_issuer(const trusted_issuer& issuer) override {
    return writer_->write([&](ledger_rows& rows) { return rows.put_issuer(issuer); });
  }

  result<std::vector<trusted_issuer>> issuers() override {
    return listed<trusted_issuer>([](ledger_rows& rows) { return rows.issuers(); });
  }

  result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                               std::span<const std::byte> list) override {
    bool outdated = false;
    const auto done = writer_->write([&](ledger_rows& rows) -> sqlite::result<void> {
      const auto known = rows.revocations_of(issuer);
      if (!known) return known.error();
      const bool is_newer = !*known || (*known)->version < version;
      outdated = !is_newer && ((*known)->version != version || !std::ranges::equal((*known)->list, list));
      return is_newer ? rows.put_revocations(issuer, version, list) : sqlite::result<void>();
    });
    if (done && outdated) return errc::revocation_list_outdated;
    return done;
  }

  result<std::vector<std::vector<std::byte>>> revocations() override {
    return listed<std::vector<std::byte>>([](ledger_rows& rows) { return rows.revocations(); });
  }

  result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count) override {
    return listed<audit_entry>([&](ledger_rows& rows) { return rows.audit(after, count); });
  }

  // Separate connections, so that listing machines does not delay claims.
  connection writer_, reader_;
};

}  // namespace

result<std::unique_ptr<ledger>> open_sqlite_ledger(const std::filesystem::path& file) {
  // The system would stop at the NUL and open another file.
  if (file.empty() || file.native().find('\0') != std::string::npos) return errc::ledger_not_accessible;
  if (const auto prepared = prepare_ledger_file(file); !prepared) return ledger_error(prepared.error());
  auto writer = ledger_connection::open(file);
  if (!writer) return writer.error();
  auto reader = ledger_connection::open(file);
  if (!reader) return reader.error();
  return std::make_unique<sqlite_ledger>(*std::move(writer), *std::move(reader));
}

}  // namespace reinstate
