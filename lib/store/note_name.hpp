// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_NOTE_NAME_HPP
#define REINSTATE_STORE_NOTE_NAME_HPP

#include <algorithm>
#include <string_view>

namespace reinstate::store {

// Returns true if a note can have this name, see note_store.hpp.
inline bool is_note_name(std::string_view name) noexcept {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
  };
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, is_allowed);
}

}  // namespace reinstate::store

#endif
