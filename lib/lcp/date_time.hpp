// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_DATE_TIME_HPP
#define REINSTATE_LCP_DATE_TIME_HPP

#include <chrono>
#include <optional>
#include <string_view>

namespace reinstate::lcp {

// The instant that a text names in the profile of ISO 8601 that the specification's schema asks for (RFC 3339, section
// 5.6), without its fraction of a second. Nothing for any other text.
std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text) noexcept;

}  // namespace reinstate::lcp

#endif
