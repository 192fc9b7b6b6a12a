// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_MEMORY_LICENSE_STORE_HPP
#define REINSTATE_PLUGINS_MEMORY_LICENSE_STORE_HPP

#include <reinstate/license_store.hpp>

#include <memory>

namespace reinstate {

// Creates a store that lives as long as the process: for tests, and for players that keep licenses only in memory.
// Payloads are kept in the clear in ordinary memory and are wiped when they are removed.
// Thread safety of the store: any function from any thread. Throws std::bad_alloc.
std::unique_ptr<license_store> make_memory_license_store();

}  // namespace reinstate

#endif
