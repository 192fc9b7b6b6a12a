// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_METADATA_HPP
#define REINSTATE_LICENSE_METADATA_HPP

#include <reinstate/license.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reinstate {

// What the metadata of a license says, without copying it: the texts lie in the metadata's bytes.
struct metadata_view {
  std::string_view format;
  std::string_view issuer;
  std::string_view title;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::chrono::sys_seconds> not_after;
  std::string_view document;
  std::optional<key_id> root;
  std::span<const std::byte> statement;
};

// Nothing where the bytes are not a map that `pack_metadata` or a newer version could write. Never allocates.
std::optional<metadata_view> view_metadata(std::span<const std::byte> metadata) noexcept;

// The title as reports and events carry it: cut where it is so long that many of them would fill the memory, and not
// inside a character.
std::string short_title_of(const license_record& item);

}  // namespace reinstate

#endif
