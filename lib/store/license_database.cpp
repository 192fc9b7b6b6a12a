// SPDX-License-Identifier: BSL-1.0
#include "store/license_database.hpp"

#include "sqlite/sqlite_file.hpp"
#include "store/store_error.hpp"

#include <algorithm>
#include <utility>

namespace reinstate::store {
namespace {

// Rows lie in the order they were first put, which after a restore is the order of id; an index keeps the order of id
// whatever is put later. `place` keeps index entries small and a replaced license where it was. Payloads lie in a table
// of their own, under the same `place`, so that a walk without them reads a tenth of the file.
constexpr const char* create_tables = R"(
  CREATE TABLE license (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 16),
    revision INTEGER NOT NULL,
    backup INTEGER NOT NULL,
    uses_left INTEGER,
    first_use INTEGER,
    metadata BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX license_by_id ON license (id);
  CREATE TABLE payload (
    place INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE machine (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    fingerprint BLOB NOT NULL,
    proof BLOB NOT NULL
  ) STRICT;
  PRAGMA application_id = 0x7265696e;
  PRAGMA user_version = 1;
)";

// secure_delete: replaced or removed content is overwritten with zeros. synchronous: a commit returns when it survives
// a power cut, the removal of a rollback journal included. temp_store: no license is ever written to a temporary file.
// cache_size: 2 MiB per connection, enough to append to the table and its index. wal_autocheckpoint and
// journal_size_limit: the write-ahead log is checkpointed at 4 MiB and truncated to that.
constexpr const char* connection_settings = R"(
  PRAGMA secure_delete = ON;
  PRAGMA synchronous = EXTRA;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -2048;
  PRAGMA wal_autocheckpoint = 256;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA cell_size_check = ON;
)";

constexpr sqlite::file_kind kind = {
    .application_id = 0x7265696e,  // "rein"
    .version = 1,
    .tables = create_tables,
    .settings = connection_settings,
    .lock_timeout = 5000,
};

// Compiles SQL with the columns that license_rows.cpp uses, so that a table without them is found when the store is
// opened and not when a license is needed.
result<void> check_tables(sqlite::database& database) noexcept {
  const auto licenses = database.prepare(
      "SELECT place, id, key, revision, backup, uses_left, first_use, metadata"
      " FROM license INDEXED BY license_by_id");
  if (!licenses) return errc_of(licenses.error());
  const auto payloads = database.prepare("SELECT place, sealed FROM payload");
  if (!payloads) return errc_of(payloads.error());
  const auto owners = database.prepare("SELECT only, fingerprint, proof FROM machine");
  if (!owners) return errc_of(owners.error());
  return {};
}

}  // namespace

result<std::unique_ptr<sqlite::database>> connect(const std::filesystem::path& file) {
  return translated(sqlite::connect(file, kind));
}

result<void> prepare_tables(sqlite::database& database) noexcept {
  const auto found = sqlite::content_of(database, kind);
  if (!found) return errc_of(found.error());
  if (*found == sqlite::content::none) {
    if (auto done = database.execute("PRAGMA page_size = 16384"); !done) return errc_of(done.error());
    return translated(sqlite::make_tables(database, kind));
  }
  try_journal(database, journal::write_ahead);
  // A connection keeps others from changing the journal back only if it has read since the change.
  if (const auto read = database.integer("PRAGMA user_version"); !read) return errc_of(read.error());
  return check_tables(database);
}

result<bool> is_scattered(sqlite::database& database) noexcept {
  auto query = database.prepare("SELECT place FROM license INDEXED BY license_by_id ORDER BY id LIMIT 128");
  if (!query) return errc_of(query.error());
  std::int64_t last = 0;
  int backward = 0;
  auto row = query->step();
  for (; row && *row; row = query->step()) backward += std::exchange(last, query->integer(0)) > query->integer(0);
  if (!row) return errc_of(row.error());
  return backward > 8;
}

result<void> prepare_scattered_walk(sqlite::database& database) noexcept {
  return translated(database.execute("PRAGMA cache_size = -24576"));
}

namespace {

// Reads once: a transaction takes its snapshot with the first statement that reads.
result<void> take_snapshot(sqlite::database& database) noexcept {
  const auto read = database.integer("SELECT count(*) FROM machine");
  return read ? result<void>() : errc_of(read.error());
}

}  // namespace

result<view> open_view(const std::filesystem::path& file) {
  auto connected = connect(file);
  if (!connected) return connected.error();
  // Moved out of the result, so that the transaction keeps a valid pointer to it.
  std::unique_ptr<sqlite::database> connection = std::move(*connected);
  auto snapshot = sqlite::transaction::begin_read(*connection);
  if (!snapshot) return errc_of(snapshot.error());
  if (auto taken = take_snapshot(*connection); !taken) return taken.error();
  return view{std::move(connection), *std::move(snapshot)};
}

result<std::optional<view>> open_second_view(const std::filesystem::path& file, view& first,
                                             sqlite::database& lock_connection) {
  lock_connection.wait_for_locks(0);
  const auto write_lock = sqlite::transaction::begin_write(lock_connection);
  lock_connection.wait_for_locks(kind.lock_timeout);
  if (!write_lock) return std::optional<view>();
  first.snapshot.rollback();
  auto snapshot = sqlite::transaction::begin_read(*first.connection);
  if (!snapshot) return errc_of(snapshot.error());
  first.snapshot = *std::move(snapshot);
  if (auto taken = take_snapshot(*first.connection); !taken) return taken.error();
  auto second = open_view(file);
  if (!second) return second.error();
  // Another file may be at this path since `first` was opened.
  if (first.connection->has_moved() || lock_connection.has_moved()) return std::optional<view>();
  return std::optional<view>(*std::move(second));
}

void try_journal(sqlite::database& database, journal wanted) noexcept {
  sqlite::try_at_once(
      database, wanted == journal::write_ahead ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE", kind);
}

result<journal> journal_of(sqlite::database& database) noexcept {
  auto query = database.prepare("PRAGMA journal_mode");
  if (!query) return errc_of(query.error());
  const auto row = query->step();
  if (!row) return errc_of(row.error());
  return crypto::text_of(query->blob(0)) == "wal" ? journal::write_ahead : journal::rollback;
}

result<bool> has_licenses(sqlite::database& database) noexcept {
  const auto exists = database.integer("SELECT EXISTS (SELECT 1 FROM license)");
  if (!exists) return errc_of(exists.error());
  return *exists != 0;
}

result<store_description> measure(sqlite::database& database) noexcept {
  const auto licenses = database.integer("SELECT count(*) FROM license");
  if (!licenses) return errc_of(licenses.error());
  // Reading the size of every payload would read the whole file.
  auto sample =
      database.prepare("SELECT count(*), sum(size) FROM (SELECT length(sealed) AS size FROM payload LIMIT 500)");
  if (!sample) return errc_of(sample.error());
  if (const auto row = sample->step(); !row) return errc_of(row.error());
  const std::int64_t sampled = sample->integer(0);
  if (sampled == 0) return store_description{};

  const std::int64_t overhead = sampled * static_cast<std::int64_t>(license_seal::overhead);
  const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, sample->integer(1) - overhead));
  const auto count = static_cast<std::uint64_t>(*licenses), sample_size = static_cast<std::uint64_t>(sampled);
  return store_description{count, count <= sample_size ? bytes : bytes / sample_size * count};
}

result<owner> owner_of(sqlite::database& database, const license_seal& seal) noexcept {
  auto query = database.prepare("SELECT fingerprint, proof FROM machine");
  if (!query) return errc_of(query.error());
  const auto row = query->step();
  if (!row) return errc_of(row.error());
  if (!*row) return owner::none;
  if (!std::ranges::equal(query->blob(0), seal.fingerprint())) return owner::another_machine;
  if (!seal.recognizes(query->blob(1))) return errc::store_damaged;
  return owner::this_machine;
}

result<bool> has_owner(sqlite::database& database) noexcept {
  const auto exists = database.integer("SELECT EXISTS (SELECT 1 FROM machine)");
  if (!exists) return errc_of(exists.error());
  return *exists != 0;
}

result<void> set_owner(sqlite::database& database, const license_seal& seal) {
  auto change = database.prepare("INSERT INTO machine (only, fingerprint, proof) VALUES (1, ?1, ?2)");
  if (!change) return errc_of(change.error());
  const auto proof = seal.proof();
  return translated(change->bind(1, seal.fingerprint()).bind(2, proof).run());
}

}  // namespace reinstate::store
