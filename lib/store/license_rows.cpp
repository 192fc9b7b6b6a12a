// SPDX-License-Identifier: BSL-1.0
#include "license_rows.hpp"

#include <algorithm>

namespace reinstate::store {
namespace {

// The order of columns in the statements that read licenses.
enum column { id, key, revision, backup, uses_left, first_use, metadata, place };

#define OPEN_COLUMNS "id, key, revision, backup, uses_left, first_use, metadata"

// The index is named, since sorting whole rows instead would fill memory or a temporary file.
constexpr const char* select_all = "SELECT " OPEN_COLUMNS ", place FROM license INDEXED BY license_by_id ORDER BY id";
constexpr const char* select_one = "SELECT " OPEN_COLUMNS ", place FROM license WHERE id = ?1";
constexpr const char* select_sealed = "SELECT sealed FROM payload WHERE place = ?1";
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

// False where the column does not hold 16 bytes.
template <class Tag>
bool read(const sqlite::statement& row, int column, identifier<Tag>& into) noexcept {
  const auto bytes = row.blob(column);
  if (bytes.size() != into.bytes.size()) return false;
  std::ranges::copy(bytes, into.bytes.begin());
  return true;
}

// False where the column does not hold a right that there is.
bool read(const sqlite::statement& row, int column, backup_right& into) noexcept {
  const std::int64_t value = row.integer(column);
  if (value < 0 || value > static_cast<int>(backup_right::managed)) return false;
  into = static_cast<backup_right>(value);
  return true;
}

}  // namespace

// --- row_reader ---

result<row_reader> row_reader::of(result<sqlite::statement> rows, sqlite::database& in,
                                  const license_seal& seal) noexcept {
  if (!rows) return rows.error();
  auto sealed = in.prepare(select_sealed);
  if (!sealed) return sealed.error();
  return row_reader(*std::move(rows), *std::move(sealed), seal);
}

result<row_reader> row_reader::all(sqlite::database& in, const license_seal& seal) noexcept {
  return of(in.prepare(select_all), in, seal);
}

result<row_reader> row_reader::one(sqlite::database& in, const license_seal& seal, const license_id& id) noexcept {
  auto query = in.prepare(select_one);
  if (query) query->bind(1, id.bytes);
  return of(std::move(query), in, seal);
}

result<std::optional<license_record>> row_reader::next() noexcept {
  last_.reset();
  const auto row = rows_.step();
  if (!row) return row.error();
  if (!*row) return std::nullopt;

  license_record record;
  // Without its id a license has no place in the order that the walk promises.
  if (!read(rows_, column::id, record.id)) return errc::store_damaged;
  is_well_formed_ = read(rows_, column::key, record.key) && read(rows_, column::backup, record.backup);
  record.revision = unsigned_at(rows_, column::revision);
  record.state = state_at(rows_, column::uses_left, column::first_use);
  record.metadata = rows_.blob(column::metadata);
  last_ = record;
  return last_;
}

result<std::span<const std::byte>> row_reader::payload() {
  if (!last_) return errc::invalid_argument;
  if (!is_well_formed_) return errc::license_damaged;
  const auto row = sealed_.bind(1, rows_.integer(column::place)).step();
  const auto opened = row && *row ? seal_->open(sealed_.blob(0), *last_, context_, plaintext_) : std::nullopt;
  sealed_.reset();
  // A page of payloads that is damaged costs these, and no license beside them.
  if (!row && row.error() != errc::store_damaged) return row.error();
  if (!opened) return errc::license_damaged;
  return *opened;
}

// --- row_writer ---

// A row is a little longer than its longest column.
row_writer::row_writer(sqlite::database& in, const license_seal& seal) noexcept
    : database_(&in), longest_payload_(in.longest_row() - 100), seal_(&seal) {
}

result<row_writer> row_writer::in(sqlite::database& database, const license_seal& seal) noexcept {
  row_writer out(database, seal);
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

result<std::optional<license_version>> row_writer::find(const license_id& id) noexcept {
  const auto row = find_->bind(1, id.bytes).step();
  std::optional<license_version> found;
  if (row) found_ = {id, std::nullopt};
  if (row && *row) {
    found_->place = find_->integer(0);
    found = {unsigned_at(*find_, 1), state_at(*find_, 2, 3)};
  }
  find_->reset();
  if (!row) return row.error();
  return found;
}

result<std::optional<std::int64_t>> row_writer::place_of(const license_id& id) noexcept {
  if (!found_ || found_->id != id)
    if (const auto found = find(id); !found) return found.error();
  return std::exchange(found_, std::nullopt)->place;
}

result<void> row_writer::put(const license_record& record) {
  // What may be refused, or throw, comes before anything is touched: there is never the one row without the other.
  if (record.payload.size() + license_seal::overhead > longest_payload_) return errc::license_too_large;
  seal_->seal(record, nonces_, context_, sealed_);
  const auto place = place_of(record.id);
  if (!place) return place.error();
  sqlite::statement& put = *place ? *update_ : *insert_;
  const license_state& state = record.state;
  put.bind(1, record.id.bytes).bind(2, record.key.bytes).bind(3, as_signed(record.revision));
  put.bind(4, static_cast<std::int64_t>(record.backup));
  state.uses_left ? put.bind(5, as_signed(*state.uses_left)) : put.bind_null(5);
  state.first_use ? put.bind(6, state.first_use->time_since_epoch().count()) : put.bind_null(6);
  if (auto done = put.bind(7, record.metadata).run(); !done) return done;
  return put_sealed_->bind(1, *place ? **place : database_->last_place()).bind(2, sealed_).run();
}

result<void> row_writer::remove(const license_id& id) noexcept {
  const auto place = place_of(id);
  if (!place) return place.error();
  if (!*place) return {};
  if (auto done = remove_sealed_->bind(1, **place).run(); !done) return done;
  return remove_->bind(1, id.bytes).run();
}

}  // namespace reinstate::store
