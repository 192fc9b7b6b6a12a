// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_STEP_SIZE_HPP
#define REINSTATE_ENGINE_OPERATION_STEP_SIZE_HPP

#include <cstdint>

namespace reinstate::engine {

// The size of one step: some hundredths of a second on ordinary disks. Between two steps an operation delivers events
// and can be canceled.
inline constexpr std::uint64_t step_bytes = 2 * 1024 * 1024;

// The largest number of licenses in a step, so that a store of very small licenses is just as quick to cancel.
inline constexpr std::uint64_t step_licenses = step_bytes / 512;

}  // namespace reinstate::engine

#endif
