// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CORE_HEX_HPP
#define REINSTATE_CORE_HEX_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace reinstate {

// Returns two lower-case hexadecimal digits for each byte. Not for secrets: the time depends on the bytes, and no
// memory is wiped.
std::string hex_of(std::span<const std::byte> bytes);

// Reads two lower-case digits for each byte of `bytes`. Returns false for any other text; `bytes` may have changed
// then.
[[nodiscard]] bool from_hex(std::string_view digits, std::span<std::byte> bytes) noexcept;

}  // namespace reinstate

#endif
