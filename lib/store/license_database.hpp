// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_DATABASE_HPP
#define REINSTATE_STORE_LICENSE_DATABASE_HPP

#include "store/license_seal.hpp"
#include "sqlite/sqlite.hpp"

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

// Makes the tables in an empty file, which keeps its rollback journal for the first batch: changing to the log and back
// costs ten waits for the disk. Leaves alone what is not a store of this version: store_damaged,
// store_version_unsupported.
result<void> prepare_tables(sqlite::database& in) noexcept;

// Whether licenses lie in another order than that of id, as the first of them show.
result<bool> is_scattered(sqlite::database& in) noexcept;

// Gives a connection the memory to walk licenses that are scattered, up to 24 MiB: enough that 100,000 of them are read
// page by page once, not once for each license.
result<void> prepare_scattered_walk(sqlite::database& in) noexcept;

// A connection and what it sees: the database as it was when this was made.
struct view {
  std::unique_ptr<sqlite::database> connection;
  sqlite::transaction snapshot;
};

// Errors: as `connect`, and those of reading.
result<view> open_view(const std::filesystem::path& file);

// Makes `first` newer, where there is news, and opens another view of the same state, with `locking` to keep everybody
// from committing meanwhile. Nothing where somebody is just changing the database: that is not worth waiting for.
result<std::optional<view>> open_second_view(const std::filesystem::path& file, view& first, sqlite::database& locking);

// How changes become durable. Either is safe; which is better depends on who else is there.
enum class journal {
  ahead,  // write-ahead log: readers and the writer do not wait for each other
  back,   // rollback journal: new pages are written once, not twice, but readers wait for the writer
};

// Changes the journal if no other connection is in the way.
void try_journal(sqlite::database& in, journal wanted) noexcept;

result<journal> journal_of(sqlite::database& in) noexcept;

result<bool> has_licenses(sqlite::database& in) noexcept;

// Counts the licenses; estimates their payloads from the first few hundred where there are more.
result<store_description> measure(sqlite::database& in) noexcept;

enum class owner { nobody, this_machine, another_machine };

// Errors: store_damaged where the proof under this machine's name is not what this machine wrote.
result<owner> owner_of(sqlite::database& in, const license_seal& machine) noexcept;

result<bool> has_owner(sqlite::database& in) noexcept;

// Puts the machine's name to a store that has none, within the caller's transaction.
result<void> set_owner(sqlite::database& in, const license_seal& machine);

}  // namespace reinstate::store

#endif
