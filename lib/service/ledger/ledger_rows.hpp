// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_LEDGER_ROWS_HPP
#define REINSTATE_SERVICE_LEDGER_LEDGER_ROWS_HPP

#include "service/ledger/slot_rules.hpp"
#include "sqlite/sqlite.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace reinstate::service {

// Reads and writes the rows of a ledger's database within the caller's transaction. Errors: those of a database;
// damaged also for a row that breaks the rules of the tables.
//
// Lifetime: must not outlive its database. Thread safety: one call at a time.
class ledger_rows {
 public:
  using order_id = std::array<std::byte, 16>;
  using bytes = std::vector<std::byte>;

  // Prepares the statements. Errors: damaged if a table is missing.
  static sqlite::result<ledger_rows> in(sqlite::database& database);

  // `origin` and `owner` may be absent.
  sqlite::result<license_facts> facts(const license_id& license, const machine_id& machine, const machine_id* origin,
                                      const x25519_public_key* owner);
  sqlite::result<void> apply(const license_id& license, const license_changes& changes, instant now);
  sqlite::result<void> put_account(const license_id& license, const license_account& account);

  // When the order was carried out, if it was.
  sqlite::result<std::optional<instant>> done(const license_id& license, const order_id& order);
  sqlite::result<void> put_done(const license_id& license, const order_id& order, const stored_slot& taken,
                                instant now);

  sqlite::result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner);

  sqlite::result<void> put_issuer(const trusted_issuer& issuer);
  sqlite::result<std::vector<trusted_issuer>> issuers();

  struct signed_list {
    std::uint64_t version = 0;
    bytes list;
  };
  sqlite::result<std::optional<signed_list>> revocations_of(const ed25519_public_key& issuer);
  sqlite::result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                                       std::span<const std::byte> list);
  sqlite::result<std::vector<bytes>> revocations();

  sqlite::result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count);

 private:
  enum query : std::size_t {
    find_account,
    count_slots,
    find_slot,
    find_owner,
    upsert_account,
    upsert_slot,
    delete_slot,
    insert_owner,
    insert_audit,
    find_done,
    insert_done,
    select_slots,
    upsert_issuer,
    select_issuers,
    find_list,
    upsert_list,
    select_lists,
    select_audit,
    queries
  };

  ledger_rows() = default;
  sqlite::statement& at(query which) noexcept { return *statements_[which]; }
  sqlite::result<std::optional<license_account>> account(const license_id& license);
  sqlite::result<std::optional<stored_slot>> read_slot(const license_id& license, const machine_id& machine);
  sqlite::result<void> put_slot(const license_id& license, const stored_slot& slot);
  sqlite::result<void> put_note(const license_id& license, const audit_note& note, instant now);

  std::array<std::optional<sqlite::statement>, queries> statements_;
};

}  // namespace reinstate::service

#endif
