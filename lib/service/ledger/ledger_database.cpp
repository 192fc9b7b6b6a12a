// SPDX-License-Identifier: BSL-1.0
#include "ledger_database.hpp"

#include "license_database.hpp"

#include <new>
#include <utility>

namespace reinstate::service {
namespace {

constexpr std::int64_t format_version = 1;
constexpr std::int64_t application_id = 0x72656c67;  // "relg"

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

constexpr int patience = 10'000;  // milliseconds to wait for another process to finish its change

enum class content { nothing, ledger };

result<content> content_of(sqlite::database& in) noexcept {
  const auto application = in.integer("PRAGMA application_id");
  if (!application) return application.error();
  const auto version = in.integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*application == application_id && *version > format_version) return errc::ledger_version_unsupported;
  if (*application == application_id && *version == format_version) return content::ledger;

  const auto objects = in.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  // Somebody else's database is not ours to write into.
  if (*application != 0 || *version != 0 || *objects != 0) return errc::ledger_damaged;
  return content::nothing;
}

result<void> create_tables(sqlite::database& in) noexcept {
  auto change = sqlite::transaction::begin_write(in);
  if (!change) return change.error();
  const auto found = content_of(in);  // again: another process may have been faster
  if (!found) return found.error();
  if (*found == content::ledger) return {};
  if (auto done = in.execute(make_tables); !done) return done;
  return change->commit();
}

// Waiting for each other is what two processes that both do this would do in vain. Where it fails, the rollback journal
// is as safe, and the next to open the file tries again.
void write_ahead(sqlite::database& in) noexcept {
  in.wait_for_locks(0);
  static_cast<void>(in.execute("PRAGMA journal_mode = WAL"));
  in.wait_for_locks(patience);
}

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
  if (auto created = store::create_file(file); !created) return created;
  auto opened = connect_ledger(file);
  if (!opened) return opened.error();
  sqlite::database& in = **opened;
  const auto found = content_of(in);
  if (!found) return found.error();
  if (*found == content::nothing)
    if (auto created = create_tables(in); !created) return created;
  write_ahead(in);
  return {};
}

result<std::unique_ptr<sqlite::database>> connect_ledger(const std::filesystem::path& file) {
  auto opened = sqlite::database::open(file);
  if (!opened) return opened.error();
  opened->wait_for_locks(patience);
  if (auto done = opened->execute(connection_settings); !done) return done.error();
  return std::make_unique<sqlite::database>(*std::move(opened));
}

}  // namespace reinstate::service
