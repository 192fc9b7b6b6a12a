// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_LICENSE_WALK_HPP
#define REINSTATE_TOOL_LICENSE_WALK_HPP

#include <reinstate/license_store.hpp>

#include <functional>

namespace tool {

// Sealed licenses without the identity they are sealed to: the database was copied from elsewhere, or the identity is
// lost. Either way only a backup brings them back.
reinstate::error_code explained(const reinstate::error_code& ec);

using license_visitor =
    std::function<reinstate::result<void>(const reinstate::license_record&, reinstate::license_cursor&)>;

// Shows every license of the store to `visit`, until it fails. Errors are explained.
reinstate::result<void> for_each_license(reinstate::license_store& store, const license_visitor& visit);

}  // namespace tool

#endif
