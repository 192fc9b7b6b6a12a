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

// A sqlite_license_store that is opened when an operation first needs it: making an object must neither block nor fail
// for the store's sake, and whatever is wrong with it is the result of the operation.
//
// Creates `own_folder` first, for its owner only: where the store or the identity are by default.
std::shared_ptr<license_store> make_user_store(std::filesystem::path file,
                                               std::optional<std::filesystem::path> own_folder,
                                               std::shared_ptr<machine_identity> identity,
                                               boost::asio::any_io_executor helpers);

}  // namespace reinstate::wmsdk

#endif
