// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_DATE_TIME_HPP
#define REINSTATE_LCP_DATE_TIME_HPP

#include <chrono>
#include <optional>
#include <string_view>

namespace reinstate::lcp {

// Parses a time in the profile of ISO 8601 that the specification's schema requires (RFC 3339, section 5.6). Drops the
// fraction of a second. Returns nullopt for any other text.
std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text) noexcept;

}  // namespace reinstate::lcp

#endif
