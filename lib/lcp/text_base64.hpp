// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LCP_TEXT_BASE64_HPP
#define REINSTATE_LCP_TEXT_BASE64_HPP

#include <optional>
#include <string>
#include <string_view>

namespace reinstate::lcp {

// Decodes base 64 with padding (RFC 4648, section 4). Returns nullopt for other characters, white space among them, and
// for a length that is not a multiple of four.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace reinstate::lcp

#endif
