// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_USER_STORE_HPP
#define REINSTATE_WMSDK_USER_STORE_HPP

#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>
#include <optional>

namespace reinstate::wmsdk {

// Returns an SQLite license store that is opened when an operation first needs it: creating an object must neither
// block nor fail because of the store, whose errors become the result of the operation.
//
// Creates `own_folder` first, accessible to its owner only, if it is given: the default folder of the store or the
// identity.
std::shared_ptr<license_store> make_user_store(std::filesystem::path file,
                                               std::optional<std::filesystem::path> own_folder,
                                               std::shared_ptr<machine_identity> identity,
                                               boost::asio::any_io_executor helpers);

}  // namespace reinstate::wmsdk

#endif
