// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_TITLE_PATTERN_HPP
#define REINSTATE_LICENSE_TITLE_PATTERN_HPP

#include <string_view>

namespace reinstate {

// Returns true if the pattern matches the whole title, see `license_selection`. Both may be any bytes, of any length:
// never recurses or allocates, and takes at most as many steps as the product of the lengths.
bool title_matches(std::string_view pattern, std::string_view title) noexcept;

}  // namespace reinstate

#endif
