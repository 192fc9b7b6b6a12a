// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_TEXT_HPP
#define REINSTATE_TOOL_TEXT_HPP

#include <reinstate/license.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tool {

// A text from elsewhere, made safe to print: what would move the cursor, recolor or reorder a terminal's text, and what
// is not UTF-8, becomes U+FFFD.
std::string printable(std::string_view text);

// A title in quotes, or "(no title)"; printable.
std::string quoted_title(std::string_view title);

// "99,985".
std::string count_text(std::uint64_t count);

// "1 license", "5,000 licenses".
std::string license_count(std::uint64_t count);

// "512 B", "1.5 MB": powers of 1000, as media are sold.
std::string size_text(std::uint64_t bytes);

// "2026-01-31 12:00:00 UTC".
std::string time_text(std::chrono::sys_seconds time);

std::string hex_of(std::span<const std::byte> bytes);

// Hexadecimal digits in either case, with or without the dashes of a UUID.
reinstate::result<reinstate::key_id> key_id_from(std::string_view text);
reinstate::result<reinstate::license_id> license_id_from(std::string_view text);

// 64 hexadecimal digits: an Ed25519 public key, which also is the id of a machine.
std::optional<std::array<std::byte, 32>> public_key_from(std::string_view text);

}  // namespace tool

#endif
