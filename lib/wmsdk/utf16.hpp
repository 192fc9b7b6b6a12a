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

// Text as the Windows-named interfaces carry it. [O17]

namespace reinstate::wmsdk {

// UTF-8 of the UTF-16 in `bytes`, in whatever way they are aligned. Ends at the first zero; what follows must be zeros
// too. In memory that is wiped, because the text may be a passphrase.
// Errors: invalid_argument for an odd size, a lone surrogate, text after a zero. [C26, C27, C28]
result<crypto::secret_buffer> to_utf8(std::span<const std::byte> bytes);

// UTF-16 of UTF-8, with a terminating zero. What is not UTF-8 becomes U+FFFD, so that a caller always gets a string.
// [C81]
std::u16string to_utf16(std::string_view utf8);

}  // namespace reinstate::wmsdk

#endif
