// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_NATIVE_RESTORER_HPP
#define REINSTATE_WMSDK_NATIVE_RESTORER_HPP

#include "wmsdk/settings.hpp"

#include <reinstate/backup_restorer.hpp>

#include <memory>

namespace reinstate::wmsdk {

// The restorer behind one object, made from what the application configured.
// Errors: those of create_backup_restorer. Throws std::bad_alloc, std::system_error where no thread can be started.
result<std::unique_ptr<backup_restorer>> make_native_restorer(const settings& from);

}  // namespace reinstate::wmsdk

#endif
