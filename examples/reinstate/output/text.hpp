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

// Makes an untrusted text safe to print: replaces characters that would move the cursor or recolor or reorder the text
// of a terminal, and bytes that are not UTF-8, by U+FFFD.
std::string printable(std::string_view text);

// Returns the title in quotes, or "(no title)"; safe to print.
std::string quoted_title(std::string_view title);

// Returns "99,985".
std::string count_text(std::uint64_t count);

// Returns "1 license" or "5,000 licenses".
std::string license_count(std::uint64_t count);

// Returns "512 B" or "1.5 MB": units are powers of 1000, as on the labels of media.
std::string size_text(std::uint64_t bytes);

// Returns "2026-01-31 12:00:00 UTC".
std::string time_text(std::chrono::sys_seconds time);

// Returns lower-case hexadecimal digits.
std::string hex_of(std::span<const std::byte> bytes);

// Parse hexadecimal digits in either case, with or without the dashes of a UUID.
reinstate::result<reinstate::key_id> key_id_from(std::string_view text);
reinstate::result<reinstate::license_id> license_id_from(std::string_view text);

// Parses 64 hexadecimal digits: an Ed25519 public key, which is also the id of a machine. Returns nullopt if the text
// is something else.
std::optional<std::array<std::byte, 32>> public_key_from(std::string_view text);

}  // namespace tool

#endif
