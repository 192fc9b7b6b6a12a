// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_UTF16_HPP
#define REINSTATE_WMSDK_UTF16_HPP

#include "crypto/secret_buffer.hpp"

#include <reinstate/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Conversion of the UTF-16 texts of the Windows-named interfaces. [O17]

namespace reinstate::wmsdk {

// Returns the UTF-8 of the UTF-16 in `bytes`, of any alignment. The text ends at the first zero, after which only zeros
// may follow. The result is wiped when freed, because the text may be a passphrase.
// Errors: invalid_argument for an odd size, a lone surrogate, text after a zero. [C26, C27, C28]
result<crypto::secret_buffer> to_utf8(std::span<const std::byte> bytes);

// Returns the UTF-16 of `text`, with a terminating zero. Bytes that are not UTF-8 become U+FFFD, so that there is
// always a result. [C81]
std::u16string to_utf16(std::string_view text);

}  // namespace reinstate::wmsdk

#endif
