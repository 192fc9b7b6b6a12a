// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_DATABASE_HPP
#define REINSTATE_STORE_LICENSE_DATABASE_HPP

#include "sqlite/sqlite.hpp"
#include "store/license_seal.hpp"

#include <reinstate/license_store.hpp>

#include <filesystem>
#include <memory>
#include <optional>

// The database of a license store: its file, its tables, its journal and its owner. Why they are as they are:
// docs/adr/0004-sqlite-schema.md.
namespace reinstate::store {

// Opens a connection to a file that exists, with the settings that every connection of a store has.
// Errors: store_not_accessible, store_failed, out_of_memory.
result<std::unique_ptr<sqlite::database>> connect(const std::filesystem::path& file);

// Creates the tables in an empty file, which keeps its rollback journal for the first batch: changing to the log and
// back costs ten waits for the disk. Leaves a file alone that is not a store of this version: store_damaged,
// store_version_unsupported.
result<void> prepare_tables(sqlite::database& database) noexcept;

// Returns true if licenses lie in another order than that of id, judged by the first of them.
result<bool> is_scattered(sqlite::database& database) noexcept;

// Gives a connection up to 24 MiB of cache to walk scattered licenses: enough to read each page of 100,000 licenses
// once, not once per license.
result<void> prepare_scattered_walk(sqlite::database& database) noexcept;

// A connection and its snapshot: the database as it was when the view was opened.
struct view {
  std::unique_ptr<sqlite::database> connection;
  sqlite::transaction snapshot;
};

// Errors: those of `connect` and of reading.
result<view> open_view(const std::filesystem::path& file);

// Renews the snapshot of `first` and opens another view of the same state. Uses `lock_connection` to keep others from
// committing meanwhile. Returns nullopt if another connection is changing the database: a second view is not worth
// waiting for.
result<std::optional<view>> open_second_view(const std::filesystem::path& file, view& first,
                                             sqlite::database& lock_connection);

// The way changes become durable. Both are safe; the better one depends on the other connections.
enum class journal {
  write_ahead,  // readers and the writer do not wait for each other
  rollback,     // new pages are written once, not twice, but readers wait for the writer
};

// Changes the journal unless another connection prevents it.
void try_journal(sqlite::database& database, journal wanted) noexcept;

result<journal> journal_of(sqlite::database& database) noexcept;

result<bool> has_licenses(sqlite::database& database) noexcept;

// Counts the licenses. Estimates the size of their payloads from the first few hundred.
result<store_description> measure(sqlite::database& database) noexcept;

enum class owner { none, this_machine, another_machine };

// Compares the owner of the store with the machine of `seal`. Errors: store_damaged if the store has the fingerprint of
// this machine but not its proof.
result<owner> owner_of(sqlite::database& database, const license_seal& seal) noexcept;

result<bool> has_owner(sqlite::database& database) noexcept;

// Writes the machine of `seal` as the owner of a store without owner, within the caller's transaction.
result<void> set_owner(sqlite::database& database, const license_seal& seal);

}  // namespace reinstate::store

#endif
