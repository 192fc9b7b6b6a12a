// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_SQLITE_LICENSE_STORE_HPP
#define REINSTATE_PLUGINS_SQLITE_LICENSE_STORE_HPP

#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// The store for most players: one SQLite database, every payload sealed to this machine.
//
// Guarantees: a batch happens wholly or not at all, also when the process or the power goes; a cursor sees one
// consistent state while others write; a copy of the file is useless on another machine, and a row changed by hand
// (its count, its right, its title) no longer opens. Ids, titles, rights and counts are readable in the file.
//
// Does not guarantee: that nobody puts back an older copy of the whole file; that programs which open the store while a
// batch fills it for the first time need not wait for the end of that batch (store_busy after five seconds).
//
// The identity is asked for its store key at the first license that is read or written, so a store may be opened on a
// machine that has not been individualized yet.
//
// `helpers` are threads that may read ahead, open seals and make them; without any, the caller's thread does
// everything. They may be those of a restorer's `work`: nothing ever waits for a thread of theirs to be free.
// Lifetime: longer than the use of any cursor or batch.
//
// Ownership: keeps the identity. Thread safety: any function from any thread; see license_store.
// Errors: path_not_found (the folder), store_not_accessible, store_busy, store_damaged, store_version_unsupported,
// store_full, store_failed; when first used: store_of_another_machine, and those of the identity.
result<std::unique_ptr<license_store>> open_sqlite_license_store(const std::filesystem::path& file,
                                                                 std::shared_ptr<machine_identity> identity,
                                                                 boost::asio::any_io_executor helpers = {});

}  // namespace reinstate

#endif
