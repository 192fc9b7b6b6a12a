// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_MEMORY_MACHINE_IDENTITY_HPP
#define REINSTATE_PLUGINS_MEMORY_MACHINE_IDENTITY_HPP

#include <reinstate/machine_identity.hpp>

#include <memory>

namespace reinstate {

// Creates an identity without keys that lives as long as the process: for tests. Throws std::bad_alloc.
std::unique_ptr<machine_identity> make_memory_machine_identity();

}  // namespace reinstate

#endif
