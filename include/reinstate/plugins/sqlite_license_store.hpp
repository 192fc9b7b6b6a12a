// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_SQLITE_LICENSE_STORE_HPP
#define REINSTATE_PLUGINS_SQLITE_LICENSE_STORE_HPP

#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// Opens the store that suits most players: an SQLite database, with every payload sealed to this machine.
//
// Guarantees: a batch is atomic, even if the process or the power fails; a cursor sees one consistent state while
// others write; a copy of the file is useless on another machine, and a row edited by hand (its count, its right, its
// title) no longer opens. Ids, titles, rights and counts are readable in the file.
//
// Does not guarantee: protection against restoring an older copy of the whole file; that programs which open the store
// while a batch fills it for the first time need not wait for the end of that batch (store_busy after five seconds).
//
// The identity is asked for its store key when the first license is read or written, so a store can be opened on a
// machine that has not been individualized yet.
//
// `helpers` is an executor whose threads may read ahead, open seals and make them; without one, the caller's thread
// does everything. It may be a restorer's `work`: no call ever waits for one of its threads to become free. Lifetime:
// it must outlive every use of a cursor or batch.
//
// Ownership: shares ownership of the identity. Thread safety: any function from any thread; see license_store.
// Errors: path_not_found (the folder), store_not_accessible, store_busy, store_damaged, store_version_unsupported,
// store_full, store_failed; at first use: store_of_another_machine, and those of the identity.
result<std::unique_ptr<license_store>> open_sqlite_license_store(const std::filesystem::path& file,
                                                                 std::shared_ptr<machine_identity> identity,
                                                                 boost::asio::any_io_executor helpers = {});

}  // namespace reinstate

#endif
