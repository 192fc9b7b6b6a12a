// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_STORE_FOR_READING_HPP
#define REINSTATE_TOOL_STORE_FOR_READING_HPP

#include "operation/session.hpp"

#include <reinstate/plugins/memory_license_store.hpp>

#include <memory>

namespace tool {

// Opens the store of this machine, or returns an empty one in memory if it has none, so that reading creates no file.
// Errors: those of session::open_store.
inline reinstate::result<std::shared_ptr<reinstate::license_store>> store_for_reading(const session& run) {
  if (run.machine_home().has_store()) return run.open_store();
  return std::shared_ptr<reinstate::license_store>(reinstate::make_memory_license_store());
}

}  // namespace tool

#endif
