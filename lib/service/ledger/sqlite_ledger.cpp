// SPDX-License-Identifier: BSL-1.0
#include "ledger_database.hpp"
#include "ledger_rows.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace reinstate {
namespace {

using namespace service;

// One connection with its statements, for one thread at a time.
class connection {
 public:
  static result<std::unique_ptr<connection>> open(const std::filesystem::path& file) {
    auto database = connect_ledger(file);
    if (!database) return ledger_error(database.error());
    auto rows = ledger_rows::in(**database);
    if (!rows) return ledger_error(rows.error());
    return std::unique_ptr<connection>(new connection(*std::move(database), *std::move(rows)));
  }

  // What `work` does with the rows, as one: it is durable when this returns, or did not happen.
  template <class Work>
  auto write(Work work) -> decltype(work(std::declval<ledger_rows&>())) {
    const std::lock_guard lock(mutex_);
    // Nobody would find again what is written to a file that was moved away.
    if (database_->has_moved()) return errc::ledger_failed;
    auto change = sqlite::transaction::begin_write(*database_);
    if (!change) return ledger_error(change.error());
    auto outcome = work(rows_);
    if (!outcome) return ledger_error(outcome.error());
    if (const auto committed = change->commit(); !committed) return ledger_error(committed.error());
    return outcome;
  }

  template <class Read>
  auto read(Read read) -> decltype(read(std::declval<ledger_rows&>())) {
    const std::lock_guard lock(mutex_);
    auto outcome = read(rows_);
    if (!outcome) return ledger_error(outcome.error());
    return outcome;
  }

 private:
  connection(std::unique_ptr<sqlite::database> database, ledger_rows rows)
      : database_(std::move(database)), rows_(std::move(rows)) {}

  std::mutex mutex_;
  std::unique_ptr<sqlite::database> database_;
  ledger_rows rows_;  // after the database, which they must not outlive
};

result<claim_outcome> claim_one(ledger_rows& rows, const slot_claim& claim, instant now) {
  const x25519_public_key* owner = claim.owner ? &*claim.owner : nullptr;
  const auto facts = rows.facts(claim.license, claim.machine, &claim.origin, owner);
  if (!facts) return facts.error();
  const decided_claim decided = decide(claim, *facts, now);
  if (const auto done = rows.apply(claim.license, decided.changes, now); !done) return done.error();
  return decided.outcome;
}

result<release_outcome> release_one(ledger_rows& rows, const slot_release& release, instant now) {
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

result<void> use_one(ledger_rows& rows, const slot_use& use) {
  const auto facts = rows.facts(use.license, use.machine, nullptr, nullptr);
  if (!facts) return facts.error();
  const auto account = decide(use, *facts);
  return account ? rows.put_account(use.license, *account) : result<void>();
}

// The outcome of each, in order; none where one fails.
template <class Outcome, class Asked, class One>
result<std::vector<Outcome>> each(std::span<const Asked> asked, One one) {
  std::vector<Outcome> out;
  out.reserve(asked.size());
  for (const Asked& item : asked) {
    auto outcome = one(item);
    if (!outcome) return outcome.error();
    out.push_back(*std::move(outcome));
  }
  return out;
}

class sqlite_ledger final : public ledger, service_records {
 public:
  sqlite_ledger(std::unique_ptr<connection> writer, std::unique_ptr<connection> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}

  result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims, instant now) override {
    return writer_->write([&](ledger_rows& rows) {
      return each<claim_outcome>(claims, [&](const slot_claim& one) { return claim_one(rows, one, now); });
    });
  }

  result<std::vector<release_outcome>> release(std::span<const slot_release> releases, instant now) override {
    return writer_->write([&](ledger_rows& rows) {
      return each<release_outcome>(releases, [&](const slot_release& one) { return release_one(rows, one, now); });
    });
  }

  result<void> report(std::span<const slot_use> uses) override {
    return writer_->write([&](ledger_rows& rows) {
      result<void> done;
      for (const slot_use& use : uses)
        if (done) done = use_one(rows, use);
      return done;
    });
  }

  result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) override {
    return reader_->read([&](ledger_rows& rows) { return rows.slots_of(owner); });
  }

  service_records& records() noexcept override { return *this; }

 private:
  result<void> put_issuer(const trusted_issuer& issuer) override {
    return writer_->write([&](ledger_rows& rows) { return rows.put_issuer(issuer); });
  }

  result<std::vector<trusted_issuer>> issuers() override {
    return reader_->read([](ledger_rows& rows) { return rows.issuers(); });
  }

  result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                               std::span<const std::byte> list) override {
    bool outdated = false;
    auto done = writer_->write([&](ledger_rows& rows) -> result<void> {
      const auto known = rows.revocations_of(issuer);
      if (!known) return known.error();
      const bool is_newer = !*known || (*known)->version < version;
      if (is_newer) return rows.put_revocations(issuer, version, list);
      outdated = (*known)->version != version || !std::ranges::equal((*known)->list, list);
      return {};
    });
    if (outdated) return errc::revocation_list_outdated;
    return done;
  }

  result<std::vector<std::vector<std::byte>>> revocations() override {
    return reader_->read([](ledger_rows& rows) { return rows.revocations(); });
  }

  result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count) override {
    return reader_->read([&](ledger_rows& rows) { return rows.audit(after, count); });
  }

  // Apart, so that nobody who looks at his machines keeps others from getting their licenses.
  std::unique_ptr<connection> writer_, reader_;
};

}  // namespace

result<std::unique_ptr<ledger>> open_sqlite_ledger(const std::filesystem::path& file) {
  // The system would stop at a NUL and open another file than was named.
  if (file.empty() || file.native().find('\0') != std::string::npos) return errc::ledger_not_accessible;
  if (const auto prepared = prepare_ledger_file(file); !prepared) return ledger_error(prepared.error());
  auto writer = connection::open(file);
  if (!writer) return writer.error();
  auto reader = connection::open(file);
  if (!reader) return reader.error();
  return std::make_unique<sqlite_ledger>(*std::move(writer), *std::move(reader));
}

}  // namespace reinstate
