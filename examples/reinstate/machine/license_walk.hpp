// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_LICENSE_WALK_HPP
#define REINSTATE_TOOL_LICENSE_WALK_HPP

#include <reinstate/license_store.hpp>

#include <functional>

namespace tool {

// Returns store_of_another_machine for needs_individualization, and every other error as it is. Licenses that are
// sealed to no identity of this machine were copied from elsewhere, or the identity is lost; only a backup brings them
// back.
reinstate::error_code explained(const reinstate::error_code& ec);

using license_visitor =
    std::function<reinstate::result<void>(const reinstate::license_record&, reinstate::license_cursor&)>;

// Calls `visit` for every license of the store. Stops at the first error and returns it, explained.
reinstate::result<void> for_each_license(reinstate::license_store& store, const license_visitor& visit);

}  // namespace tool

#endif
