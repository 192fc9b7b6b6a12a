// SPDX-License-Identifier: BSL-1.0
#include "store/sqlite_notes.hpp"

#include "crypto/bytes.hpp"
#include "store/store_error.hpp"

#include <utility>

namespace reinstate::store {
namespace {

using document = note_store::document;

// Run before each write: a store without notes has no such table.
constexpr const char* create_table = R"(
  CREATE TABLE IF NOT EXISTS note (
    name TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
)";

result<bool> has_table(sqlite::database& database) noexcept {
  const auto exists =
      database.integer("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'note')");
  if (!exists) return errc_of(exists.error());
  return *exists != 0;
}

document copy_of(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

result<void> remove(sqlite::database& database, std::string_view name) {
  auto change = database.prepare("DELETE FROM note WHERE name = CAST(?1 AS TEXT)");
  if (!change) return errc_of(change.error());
  return translated(change->bind(1, crypto::bytes_of(name)).run());
}

result<void> put(sqlite::database& database, std::string_view name, const document& content) {
  if (auto made = database.execute(create_table); !made) return errc_of(made.error());
  auto change = database.prepare(
      "INSERT INTO note (name, content) VALUES (CAST(?1 AS TEXT), ?2)"
      " ON CONFLICT (name) DO UPDATE SET content = excluded.content");
  if (!change) return errc_of(change.error());
  return translated(change->bind(1, crypto::bytes_of(name)).bind(2, content).run());
}

}  // namespace

result<std::optional<document>> read_note(sqlite::database& database, std::string_view name) {
  const auto exists = has_table(database);
  if (!exists) return exists.error();
  if (!*exists) return std::nullopt;
  auto query = database.prepare("SELECT content FROM note WHERE name = CAST(?1 AS TEXT)");
  if (!query) return errc_of(query.error());
  const auto row = query->bind(1, crypto::bytes_of(name)).step();
  if (!row) return errc_of(row.error());
  if (!*row) return std::nullopt;
  return copy_of(query->blob(0));
}

result<note_map> all_notes(sqlite::database& database) {
  note_map out;
  const auto exists = has_table(database);
  if (!exists) return exists.error();
  if (!*exists) return out;
  auto query = database.prepare("SELECT name, content FROM note");
  if (!query) return errc_of(query.error());
  auto row = query->step();
  for (; row && *row; row = query->step()) {
    std::string name(crypto::text_of(query->blob(0)));
    out.insert_or_assign(std::move(name), copy_of(query->blob(1)));
  }
  if (!row) return errc_of(row.error());
  return out;
}

result<void> update_note(sqlite::database& database, std::string_view name, const note_store::change& change) {
  auto transaction = sqlite::transaction::begin_write(database);
  if (!transaction) return errc_of(transaction.error());
  const auto before = read_note(database, name);
  if (!before) return before.error();
  const auto after = change(*before);
  if (!after) return after.error();
  if (!*after || (!*before && (*after)->empty())) return {};
  if (auto done = (*after)->empty() ? remove(database, name) : put(database, name, **after); !done) return done;
  return translated(transaction->commit());
}

}  // namespace reinstate::store
