// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CORE_HEX_HPP
#define REINSTATE_CORE_HEX_HPP

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace reinstate {

// Two lower-case hexadecimal digits for each byte. Not for secrets: neither time nor memory is looked after.
std::string hex_of(std::span<const std::byte> bytes);

// The bytes of exactly twice as many lower-case digits; false for anything else, and `into` may have changed.
[[nodiscard]] bool from_hex(std::string_view digits, std::span<std::byte> into) noexcept;

}  // namespace reinstate

#endif
