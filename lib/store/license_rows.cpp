// SPDX-License-Identifier: BSL-1.0
#include "license_rows.hpp"

#include <utility>

namespace reinstate::store {
namespace {

#define OPEN_COLUMNS "id, key, revision, backup, uses_left, first_use, metadata"

constexpr const char* select_version = "SELECT place, revision, uses_left, first_use FROM license WHERE id = ?1";
constexpr const char* insert_license = "INSERT INTO license (" OPEN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
constexpr const char* update_license =
    "UPDATE license SET key = ?2, revision = ?3, backup = ?4, uses_left = ?5, first_use = ?6, metadata = ?7"
    " WHERE id = ?1";
constexpr const char* put_sealed =
    "INSERT INTO payload (place, sealed) VALUES (?1, ?2) ON CONFLICT (place) DO UPDATE SET sealed = ?2";
constexpr const char* delete_license = "DELETE FROM license WHERE id = ?1";
constexpr const char* delete_sealed = "DELETE FROM payload WHERE place = ?1";

#undef OPEN_COLUMNS

using instant = std::chrono::sys_seconds;

// SQLite's integers are signed; 64 bits are 64 bits.
std::int64_t as_signed(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::uint64_t unsigned_at(const sqlite::statement& row, int column) noexcept {
  return static_cast<std::uint64_t>(row.integer(column));
}

license_state state_at(const sqlite::statement& row, int uses, int first) noexcept {
  license_state state;
  if (!row.is_null(uses)) state.uses_left = unsigned_at(row, uses);
  if (!row.is_null(first)) state.first_use = instant{std::chrono::seconds{row.integer(first)}};
  return state;
}

}  // namespace

// A row is a little longer than its longest column.
row_writer::row_writer(sqlite::database& in) noexcept : database_(&in), longest_(in.longest_row() - 100) {
}

result<row_writer> row_writer::in(sqlite::database& database) noexcept {
  row_writer out(database);
  const std::pair<const char*, std::optional<sqlite::statement>*> all[] = {
      {select_version, &out.find_},   {insert_license, &out.insert_}, {update_license, &out.update_},
      {put_sealed, &out.put_sealed_}, {delete_license, &out.remove_}, {delete_sealed, &out.remove_sealed_},
  };
  for (const auto& [sql, into] : all) {
    auto made = database.prepare(sql);
    if (!made) return made.error();
    *into = *std::move(made);
  }
  return out;
}

result<whereabouts> row_writer::find(const license_id& id) noexcept {
  const auto row = find_->bind(1, id.bytes).step();
  whereabouts found;
  if (row && *row) found = {find_->integer(0), {unsigned_at(*find_, 1), state_at(*find_, 2, 3)}};
  find_->reset();
  if (!row) return row.error();
  return found;
}

result<void> row_writer::put(const license_record& sealed, const std::optional<whereabouts>& known) noexcept {
  const auto there = known ? result<whereabouts>(*known) : find(sealed.id);
  if (!there) return there.error();
  sqlite::statement& put = there->place ? *update_ : *insert_;
  const license_state& state = sealed.state;
  put.bind(1, sealed.id.bytes).bind(2, sealed.key.bytes).bind(3, as_signed(sealed.revision));
  put.bind(4, static_cast<std::int64_t>(sealed.backup));
  state.uses_left ? put.bind(5, as_signed(*state.uses_left)) : put.bind_null(5);
  state.first_use ? put.bind(6, state.first_use->time_since_epoch().count()) : put.bind_null(6);
  if (auto done = put.bind(7, sealed.metadata).run(); !done) return done;
  const std::int64_t place = there->place ? *there->place : database_->last_place();
  return put_sealed_->bind(1, place).bind(2, sealed.payload).run();
}

result<void> row_writer::remove(const license_id& id) noexcept {
  const auto there = find(id);
  if (!there) return there.error();
  if (!there->place) return {};
  if (auto done = remove_sealed_->bind(1, *there->place).run(); !done) return done;
  return remove_->bind(1, id.bytes).run();
}

}  // namespace reinstate::store
