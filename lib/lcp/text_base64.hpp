// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_TEXT_BASE64_HPP
#define REINSTATE_LCP_TEXT_BASE64_HPP

#include <optional>
#include <string>
#include <string_view>

namespace reinstate::lcp {

// What a text stands for in base 64 with padding (RFC 4648, section 4). Nothing for foreign characters, white space
// among them, or another length.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace reinstate::lcp

#endif
