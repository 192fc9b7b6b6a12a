// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_METADATA_HPP
#define REINSTATE_LICENSE_METADATA_HPP

#include <reinstate/license.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reinstate {

// The metadata of a license, without a copy of it. Lifetime: the texts refer to the bytes of the metadata.
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

// Returns nullopt if the bytes are not a map that `pack_metadata` or a newer version could write. Never allocates.
std::optional<metadata_view> view_metadata(std::span<const std::byte> metadata) noexcept;

// Returns the title for reports and events: at most 256 bytes, so that many titles do not fill the memory, and not cut
// inside a character.
std::string short_title_of(const license_record& record);

}  // namespace reinstate

#endif
