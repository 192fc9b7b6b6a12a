// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_rows.hpp"

#include "crypto/bytes.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

namespace reinstate::service {
namespace {

// Resets a statement for its next run, on every way out of the scope.
struct reset_at_end {
  explicit reset_at_end(sqlite::statement& of) noexcept : row(of) {}
  ~reset_at_end() { row.reset(); }
  reset_at_end(const reset_at_end&) = delete;
  reset_at_end& operator=(const reset_at_end&) = delete;

  sqlite::statement& row;
};

std::int64_t seconds(instant time) noexcept {
  return time.time_since_epoch().count();
}
instant instant_of(std::int64_t seconds) noexcept {
  return instant{std::chrono::seconds{seconds}};
}

void bind_time(sqlite::statement& to, int parameter, const std::optional<instant>& time) noexcept {
  time ? to.bind(parameter, seconds(*time)) : to.bind_null(parameter);
}

// A number that SQLite's signed ones cannot hold means "more than any".
std::int64_t clamped(std::uint64_t number) noexcept {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max()));
}

// Times as they are kept in one blob: eight bytes each, big-endian.
std::vector<std::byte> packed(const std::vector<instant>& times) {
  std::vector<std::byte> out;
  for (const instant time : times)
    for (const std::byte b : crypto::big_endian(static_cast<std::uint64_t>(seconds(time)))) out.push_back(b);
  return out;
}

// Reads the columns of a row. Remembers if one had a wrong size.
class row_reader {
 public:
  explicit row_reader(const sqlite::statement& row) noexcept : row_(&row) {}

  bool is_damaged() const noexcept { return damaged_; }

  template <std::size_t Size>
  std::array<std::byte, Size> array(int column) {
    std::array<std::byte, Size> out{};
    const auto blob = row_->blob(column);
    if (blob.size() == Size)
      std::ranges::copy(blob, out.begin());
    else
      damaged_ = true;
    return out;
  }

  template <std::size_t Size>
  std::optional<std::array<std::byte, Size>> optional_array(int column) {
    if (row_->is_null(column)) return std::nullopt;
    return array<Size>(column);
  }

  std::string text(int column) const { return std::string(crypto::text_of(row_->blob(column))); }
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(row_->integer(column)); }
  instant time(int column) const { return instant_of(row_->integer(column)); }

  std::optional<instant> optional_time(int column) const {
    return row_->is_null(column) ? std::nullopt : std::optional(time(column));
  }

  std::vector<instant> times(int column) {
    const auto blob = row_->blob(column);
    damaged_ = damaged_ || blob.size() % 8 != 0;
    std::vector<instant> out;
    for (std::size_t i = 0; i + 8 <= blob.size(); i += 8) {
      std::uint64_t value = 0;
      for (const std::byte b : blob.subspan(i, 8)) value = value << 8 | std::to_integer<std::uint64_t>(b);
      out.push_back(instant_of(static_cast<std::int64_t>(value)));
    }
    return out;
  }

 private:
  const sqlite::statement* row_;
  bool damaged_ = false;
};

// The rows of a statement that was bound, each made a value by `read`.
template <class T, class Read>
sqlite::result<std::vector<T>> all_rows(sqlite::statement& of, Read read) {
  const reset_at_end end(of);
  std::vector<T> out;
  for (;;) {
    const auto row = of.step();
    if (!row) return row.error();
    if (!*row) return out;
    row_reader columns(of);
    out.push_back(read(columns));
    if (columns.is_damaged()) return sqlite::error::damaged;
  }
}

// The first row, or nothing where there is none.
template <class T, class Read>
sqlite::result<std::optional<T>> first_row(sqlite::statement& of, Read read) {
  const reset_at_end end(of);
  const auto row = of.step();
  if (!row) return row.error();
  if (!*row) return std::optional<T>();
  row_reader columns(of);
  std::optional<T> out(read(columns));
  if (columns.is_damaged()) return sqlite::error::damaged;
  return out;
}

}  // namespace

sqlite::result<ledger_rows> ledger_rows::in(sqlite::database& database) {
  static constexpr std::pair<query, const char*> table[] = {
      {find_account,
       "SELECT uses_left, first_use, machine_limit, last_release, take_overs, new_places, last_noted_refusal"
       " FROM license WHERE id = ?1"},
      {count_slots, "SELECT count(*) FROM slot WHERE license = ?1"},
      {find_slot, "SELECT name, first, last FROM slot WHERE license = ?1 AND machine = ?2"},
      {find_owner, "SELECT count(*), count(*) FILTER (WHERE owner = ?2) FROM owner WHERE license = ?1"},
      {upsert_account,
       "INSERT OR REPLACE INTO license"
       " (id, uses_left, first_use, machine_limit, last_release, take_overs, new_places, last_noted_refusal)"
       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
      {upsert_slot,
       "INSERT OR REPLACE INTO slot (license, machine, name, first, last) VALUES (?1, ?2, CAST(?3 AS TEXT), ?4, ?5)"},
      {delete_slot, "DELETE FROM slot WHERE license = ?1 AND machine = ?2"},
      {insert_owner, "INSERT INTO owner (license, owner) VALUES (?1, ?2)"},
      {insert_audit,
       "INSERT INTO audit (time, what, license, machine, detail)"
       " VALUES (?1, CAST(?2 AS TEXT), ?3, ?4, CAST(?5 AS TEXT))"},
      {find_done, "SELECT time FROM done_release WHERE license = ?1 AND release = ?2"},
      {insert_done,
       "INSERT INTO done_release (license, release, time, machine, name, first, last)"
       " VALUES (?1, ?2, ?3, ?4, CAST(?5 AS TEXT), ?6, ?7)"},
      {select_slots,
       "SELECT license.id, machine, name, first, last, machine_limit, last_release, NULL"
       " FROM owner JOIN license ON license.id = owner.license JOIN slot ON slot.license = owner.license"
       " WHERE owner.owner = ?1 UNION ALL "
       "SELECT license.id, machine, name, first, last, machine_limit, last_release, release"
       " FROM owner JOIN license ON license.id = owner.license"
       " JOIN done_release ON done_release.license = owner.license WHERE owner.owner = ?1 ORDER BY 1, 2, 8"},
      {upsert_issuer, "INSERT OR REPLACE INTO issuer (key, name) VALUES (?1, CAST(?2 AS TEXT))"},
      {select_issuers, "SELECT key, name FROM issuer ORDER BY key"},
      {find_list, "SELECT version, list FROM revocation WHERE issuer = ?1"},
      {upsert_list, "INSERT OR REPLACE INTO revocation (issuer, version, list) VALUES (?1, ?2, ?3)"},
      {select_lists, "SELECT list FROM revocation ORDER BY issuer"},
      {select_audit,
       "SELECT number, time, what, license, machine, detail FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2"},
  };
  static_assert(std::size(table) == queries);
  static_assert(std::ranges::is_sorted(table, std::less_equal(), &std::pair<query, const char*>::first), "each once");
  ledger_rows out;
  for (const auto& [id, sql] : table) {
    auto prepared = database.prepare(sql);
    if (!prepared) return prepared.error();
    out.statements_[id] = *std::move(prepared);
  }
  return out;
}

// --- one license ---

sqlite::result<std::optional<license_account>> ledger_rows::account(const license_id& license) {
  return first_row<license_account>(at(find_account).bind(1, license.bytes), [&](row_reader& row) {
    license_account out;
    if (!at(find_account).is_null(0)) out.state.uses_left = row.number(0);
    out.state.first_use = row.optional_time(1);
    out.limit = static_cast<std::uint32_t>(row.number(2));
    out.last_release = row.optional_time(3);
    out.takeovers = row.times(4);
    out.new_slots = row.times(5);
    out.last_noted_refusal = row.optional_time(6);
    return out;
  });
}

sqlite::result<std::optional<stored_slot>> ledger_rows::read_slot(const license_id& license,
                                                                  const machine_id& machine) {
  return first_row<stored_slot>(at(find_slot).bind(1, license.bytes).bind(2, machine), [&](row_reader& row) {
    return stored_slot{machine, row.text(0), row.time(1), row.time(2)};
  });
}

sqlite::result<license_facts> ledger_rows::facts(const license_id& license, const machine_id& machine,
                                                 const machine_id* origin, const x25519_public_key* owner) {
  license_facts out;
  auto known = account(license);
  if (!known) return known.error();
  if (!*known) return out;
  out.account = *std::move(known);

  auto machines =
      first_row<std::uint64_t>(at(count_slots).bind(1, license.bytes), [](row_reader& row) { return row.number(0); });
  if (!machines) return machines.error();
  out.machines = static_cast<std::uint32_t>(**machines);
  auto own = read_slot(license, machine);
  if (!own) return own.error();
  out.own = *std::move(own);
  if (origin != nullptr) {
    auto theirs = read_slot(license, *origin);
    if (!theirs) return theirs.error();
    out.of_origin = *std::move(theirs);
  }
  if (owner == nullptr) return out;
  const auto read = [](row_reader& row) { return std::pair(row.number(0) != 0, row.number(1) != 0); };
  const auto owners = first_row<std::pair<bool, bool>>(at(find_owner).bind(1, license.bytes).bind(2, *owner), read);
  if (!owners) return owners.error();
  std::tie(out.has_owner, out.knows_owner) = **owners;
  return out;
}

sqlite::result<void> ledger_rows::put_account(const license_id& license, const license_account& account) {
  const auto takeovers = packed(account.takeovers), new_slots = packed(account.new_slots);
  sqlite::statement& put = at(upsert_account);
  put.bind(1, license.bytes);
  const auto& uses = account.state.uses_left;
  uses ? put.bind(2, static_cast<std::int64_t>(*uses)) : put.bind_null(2);  // 64 bits are 64 bits
  bind_time(put, 3, account.state.first_use);
  put.bind(4, std::int64_t{account.limit});
  bind_time(put, 5, account.last_release);
  bind_time(put, 8, account.last_noted_refusal);
  return put.bind(6, takeovers).bind(7, new_slots).run();
}

sqlite::result<void> ledger_rows::put_slot(const license_id& license, const stored_slot& slot) {
  sqlite::statement& put = at(upsert_slot);
  put.bind(1, license.bytes).bind(2, slot.machine).bind(3, crypto::bytes_of(slot.name));
  return put.bind(4, seconds(slot.first)).bind(5, seconds(slot.last)).run();
}

sqlite::result<void> ledger_rows::put_note(const license_id& license, const audit_note& note, instant now) {
  sqlite::statement& put = at(insert_audit);
  put.bind(1, seconds(now)).bind(2, crypto::bytes_of(note.event)).bind(3, license.bytes).bind(4, note.machine);
  return put.bind(5, crypto::bytes_of(note.detail)).run();
}

sqlite::result<void> ledger_rows::apply(const license_id& license, const license_changes& changes, instant now) {
  sqlite::result<void> done;
  if (changes.account) done = put_account(license, *changes.account);
  for (const stored_slot& slot : changes.put)
    if (done) done = put_slot(license, slot);
  if (done && changes.removed) done = at(delete_slot).bind(1, license.bytes).bind(2, *changes.removed).run();
  if (done && changes.new_owner) done = at(insert_owner).bind(1, license.bytes).bind(2, *changes.new_owner).run();
  for (const audit_note& note : changes.notes)
    if (done) done = put_note(license, note, now);
  return done;
}

sqlite::result<std::optional<instant>> ledger_rows::done(const license_id& license, const order_id& order) {
  return first_row<instant>(at(find_done).bind(1, license.bytes).bind(2, order),
                            [](row_reader& row) { return row.time(0); });
}

sqlite::result<void> ledger_rows::put_done(const license_id& license, const order_id& order, const stored_slot& taken,
                                           instant now) {
  sqlite::statement& put = at(insert_done);
  put.bind(1, license.bytes).bind(2, order).bind(3, seconds(now)).bind(4, taken.machine);
  put.bind(5, crypto::bytes_of(taken.name)).bind(6, seconds(taken.first)).bind(7, seconds(taken.last));
  return put.run();
}

// --- an owner ---

sqlite::result<std::vector<owned_slot>> ledger_rows::slots_of(const x25519_public_key& owner) {
  return all_rows<owned_slot>(at(select_slots).bind(1, owner), [](row_reader& row) {
    return owned_slot{{row.array<16>(0)},   row.array<32>(1),
                      row.text(2),          row.time(3),
                      row.time(4),          static_cast<std::uint32_t>(row.number(5)),
                      row.optional_time(6), row.optional_array<16>(7)};
  });
}

// --- records ---

sqlite::result<void> ledger_rows::put_issuer(const trusted_issuer& issuer) {
  return at(upsert_issuer).bind(1, issuer.key).bind(2, crypto::bytes_of(issuer.name)).run();
}

sqlite::result<std::vector<trusted_issuer>> ledger_rows::issuers() {
  return all_rows<trusted_issuer>(at(select_issuers), [](row_reader& row) {
    return trusted_issuer{row.text(1), row.array<32>(0)};
  });
}

sqlite::result<std::optional<ledger_rows::signed_list>> ledger_rows::revocations_of(const ed25519_public_key& issuer) {
  sqlite::statement& found = at(find_list);
  return first_row<signed_list>(found.bind(1, issuer), [&](row_reader& row) {
    const auto list = found.blob(1);
    return signed_list{row.number(0), {list.begin(), list.end()}};
  });
}

sqlite::result<void> ledger_rows::put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                                                  std::span<const std::byte> list) {
  return at(upsert_list).bind(1, issuer).bind(2, static_cast<std::int64_t>(version)).bind(3, list).run();
}

sqlite::result<std::vector<ledger_rows::bytes>> ledger_rows::revocations() {
  return all_rows<bytes>(at(select_lists), [&](row_reader&) {
    const auto list = at(select_lists).blob(0);
    return bytes(list.begin(), list.end());
  });
}

sqlite::result<std::vector<audit_entry>> ledger_rows::audit(std::uint64_t after, std::size_t count) {
  return all_rows<audit_entry>(at(select_audit).bind(1, clamped(after)).bind(2, clamped(count)), [](row_reader& row) {
    audit_entry out{row.number(0), row.time(1), row.text(2), {}, row.optional_array<32>(4), row.text(5)};
    if (const auto license = row.optional_array<16>(3)) out.license = license_id{*license};
    return out;
  });
}

}  // namespace reinstate::service
