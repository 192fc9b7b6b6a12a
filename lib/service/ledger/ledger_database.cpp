// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_database.hpp"

#include "sqlite/sqlite_file.hpp"

#include <new>

namespace reinstate::service {
namespace {

// The key of every table of licenses begins with the license id, so that a license can be moved to another ledger with
// all its rows.
constexpr const char* make_tables = R"(
  CREATE TABLE license (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    uses_left INTEGER,
    first_use INTEGER,
    machine_limit INTEGER NOT NULL,
    last_release INTEGER,
    take_overs BLOB NOT NULL,
    new_places BLOB NOT NULL,
    last_noted_refusal INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE slot (
    license BLOB NOT NULL CHECK (length(license) = 16),
    machine BLOB NOT NULL CHECK (length(machine) = 32),
    name TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (license, machine)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE owner (
    license BLOB NOT NULL CHECK (length(license) = 16),
    owner BLOB NOT NULL CHECK (length(owner) = 32),
    PRIMARY KEY (license, owner)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX license_by_owner ON owner (owner);
  CREATE TABLE done_release (
    license BLOB NOT NULL CHECK (length(license) = 16),
    release BLOB NOT NULL CHECK (length(release) = 16),
    time INTEGER NOT NULL,
    machine BLOB NOT NULL CHECK (length(machine) = 32),
    name TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (license, release)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE issuer (
    key BLOB PRIMARY KEY CHECK (length(key) = 32),
    name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE revocation (
    issuer BLOB PRIMARY KEY CHECK (length(issuer) = 32),
    version INTEGER NOT NULL,
    list BLOB NOT NULL
  ) STRICT;
  CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    what TEXT NOT NULL,
    license BLOB,
    machine BLOB,
    detail TEXT NOT NULL
  ) STRICT;
  PRAGMA application_id = 0x72656c67;
  PRAGMA user_version = 1;
)";

// synchronous: a commit that returned survives a power cut. In write-ahead mode, EXTRA is the same as FULL; with the
// rollback journal, which is used until that mode is set, EXTRA also makes the removal of the journal durable.
constexpr const char* connection_settings = R"(
  PRAGMA synchronous = EXTRA;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA cell_size_check = ON;
)";

constexpr sqlite::file_kind kind = {
    .application_id = 0x72656c67,  // "relg"
    .version = 1,
    .tables = make_tables,
    .settings = connection_settings,
    .patience = 10'000,
    .damaged = errc::ledger_damaged,
    .version_unsupported = errc::ledger_version_unsupported,
};

}  // namespace

error_code ledger_error(const error_code& ec) {
  if (ec == errc::out_of_memory) throw std::bad_alloc();
  if (ec == errc::store_full) return errc::ledger_full;
  if (ec == errc::store_damaged || ec == errc::ledger_damaged) return errc::ledger_damaged;
  if (ec == errc::store_not_accessible || ec == errc::path_not_found) return errc::ledger_not_accessible;
  if (ec == errc::ledger_version_unsupported) return ec;
  return errc::ledger_failed;
}

result<void> prepare_ledger_file(const std::filesystem::path& file) {
  if (auto created = sqlite::create_file(file); !created) return created;
  auto opened = connect_ledger(file);
  if (!opened) return opened.error();
  sqlite::database& in = **opened;
  const auto found = sqlite::content_of(in, kind);
  if (!found) return found.error();
  if (*found == sqlite::content::nothing)
    if (auto made = sqlite::make_tables(in, kind); !made) return made;
  // Two processes that both do this would wait for each other in vain. Where it fails, the rollback journal is as safe,
  // and the next to open the file tries again.
  sqlite::try_at_once(in, "PRAGMA journal_mode = WAL", kind);
  return {};
}

result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file) {
  return sqlite::connect(file, kind);
}

}  // namespace reinstate::service
