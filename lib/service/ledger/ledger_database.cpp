// SPDX-License-Identifier: BSL-1.0
#include "service/ledger/ledger_database.hpp"

#include "sqlite/sqlite_file.hpp"

#include <new>

namespace reinstate::service {
namespace {

// Every table but the trail begins with the license, so that a license can be moved elsewhere with all that is about
// it.
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

// synchronous: a commit returns when it survives a power cut; in write-ahead mode EXTRA is FULL, and with the rollback
// journal, until that mode is reached, the removal of the journal is made durable as well.
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
    .lock_timeout = 10'000,
};

}  // namespace

errc ledger_error(sqlite::error error) {
  switch (error) {
    case sqlite::error::out_of_memory: throw std::bad_alloc();
    case sqlite::error::full: return errc::ledger_full;
    case sqlite::error::damaged: return errc::ledger_damaged;
    case sqlite::error::version_unsupported: return errc::ledger_version_unsupported;
    case sqlite::error::folder_not_found:
    case sqlite::error::not_accessible: return errc::ledger_not_accessible;
    case sqlite::error::busy:
    case sqlite::error::too_large:
    case sqlite::error::failed: break;
  }
  return errc::ledger_failed;
}

sqlite::result<void> prepare_ledger_file(const std::filesystem::path& file) {
  if (auto created = sqlite::create_file(file); !created) return created;
  auto opened = connect_ledger(file);
  if (!opened) return opened.error();
  sqlite::database& in = **opened;
  const auto found = sqlite::content_of(in, kind);
  if (!found) return found.error();
  if (*found == sqlite::content::none)
    if (auto made = sqlite::make_tables(in, kind); !made) return made;
  // Not waited for: two processes that both do this would wait for each other in vain. If it fails, the rollback
  // journal is as safe, and the next process to open the file tries again.
  sqlite::try_at_once(in, "PRAGMA journal_mode = WAL", kind);
  return {};
}

sqlite::result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file) {
  return sqlite::connect(file, kind);
}

}  // namespace reinstate::service
