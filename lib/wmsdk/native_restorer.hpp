// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_NATIVE_RESTORER_HPP
#define REINSTATE_WMSDK_NATIVE_RESTORER_HPP

#include "wmsdk/settings.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>

namespace reinstate::wmsdk {

// Creates the restorer behind one object, from the application's configuration.
// Errors: those of create_backup_restorer. Throws std::bad_alloc, std::system_error if a thread cannot be started.
result<std::unique_ptr<backup_restorer>> make_native_restorer(const settings& configured);

}  // namespace reinstate::wmsdk

#endif
