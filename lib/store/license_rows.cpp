// SPDX-License-Identifier: BSL-1.0
#include "store/license_rows.hpp"

#include "store/store_error.hpp"

#include <utility>

namespace reinstate::store {
namespace {

using instant = std::chrono::sys_seconds;

// Keeps all 64 bits: SQLite's integers are signed.
std::int64_t as_signed(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::uint64_t unsigned_at(const sqlite::statement& row, int column) noexcept {
  return static_cast<std::uint64_t>(row.integer(column));
}

license_state state_at(const sqlite::statement& row, int uses_column, int first_use_column) noexcept {
  license_state state;
  if (!row.is_null(uses_column)) state.uses_left = unsigned_at(row, uses_column);
  if (!row.is_null(first_use_column)) state.first_use = instant{std::chrono::seconds{row.integer(first_use_column)}};
  return state;
}

}  // namespace

// Leaves room for the other columns of a row.
row_writer::row_writer(sqlite::database& database) noexcept
    : database_(&database), max_size_(database.max_row_size() - 100) {
}

result<row_writer> row_writer::open(sqlite::database& database) noexcept {
  row_writer out(database);
  const std::pair<std::optional<sqlite::statement>*, const char*> statements[] = {
      {&out.find_, "SELECT place, revision, uses_left, first_use FROM license WHERE id = ?1"},
      {&out.insert_,
       "INSERT INTO license (id, key, revision, backup, uses_left, first_use, metadata)"
       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
      {&out.update_,
       "UPDATE license SET key = ?2, revision = ?3, backup = ?4, uses_left = ?5, first_use = ?6, metadata = ?7"
       " WHERE id = ?1"},
      {&out.put_sealed_,
       "INSERT INTO payload (place, sealed) VALUES (?1, ?2) ON CONFLICT (place) DO UPDATE SET sealed = ?2"},
      {&out.remove_, "DELETE FROM license WHERE id = ?1"},
      {&out.remove_sealed_, "DELETE FROM payload WHERE place = ?1"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = database.prepare(sql);
    if (!prepared) return errc_of(prepared.error());
    *statement = *std::move(prepared);
  }
  return out;
}

result<row_location> row_writer::find(const license_id& id) noexcept {
  const auto row = find_->bind(1, id.bytes).step();
  row_location found;
  if (row && *row) found = {find_->integer(0), {unsigned_at(*find_, 1), state_at(*find_, 2, 3)}};
  find_->reset();
  if (!row) return errc_of(row.error());
  return found;
}

result<void> row_writer::put(const license_record& sealed, const std::optional<row_location>& known) noexcept {
  const auto location = known ? result<row_location>(*known) : find(sealed.id);
  if (!location) return location.error();
  sqlite::statement& put = location->row_id ? *update_ : *insert_;
  const license_state& state = sealed.state;
  put.bind(1, sealed.id.bytes).bind(2, sealed.key.bytes).bind(3, as_signed(sealed.revision));
  put.bind(4, static_cast<std::int64_t>(sealed.backup));
  state.uses_left ? put.bind(5, as_signed(*state.uses_left)) : put.bind_null(5);
  state.first_use ? put.bind(6, state.first_use->time_since_epoch().count()) : put.bind_null(6);
  if (auto done = put.bind(7, sealed.metadata).run(); !done) return errc_of(done.error());
  const std::int64_t row_id = location->row_id ? *location->row_id : database_->last_inserted_key();
  return translated(put_sealed_->bind(1, row_id).bind(2, sealed.payload).run());
}

result<void> row_writer::remove(const license_id& id) noexcept {
  const auto location = find(id);
  if (!location) return location.error();
  if (!location->row_id) return {};
  if (auto done = remove_sealed_->bind(1, *location->row_id).run(); !done) return errc_of(done.error());
  return translated(remove_->bind(1, id.bytes).run());
}

}  // namespace reinstate::store
