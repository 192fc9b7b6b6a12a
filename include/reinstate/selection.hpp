// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SELECTION_HPP
#define REINSTATE_SELECTION_HPP

#include <reinstate/license.hpp>

#include <string>
#include <vector>

namespace reinstate {

// Which licenses an operation is about. Each list that is not empty must have an entry that matches; an empty selection
// means all.
//
// A title is compared by the characters of UTF-8; a byte that is no part of one counts as a character of its own. In a
// pattern '*' is any text, '?' one character, and a backslash takes the character after it literally. The letters A to
// Z match a to z; of other letters no other form matches. A title takes at most as many steps as its length times that
// of the pattern, usually no more than its length.
struct license_selection {
  std::vector<license_id> licenses = {};
  std::vector<key_id> keys = {};
  std::vector<std::string> issuers = {};  // equal, byte for byte
  std::vector<std::string> formats = {};  // equal, byte for byte
  std::vector<std::string> titles = {};   // patterns for the whole title

  bool selects_all() const noexcept;
};

// Whether the selection names this license: by its ids and metadata, where metadata that cannot be read counts as empty
// texts. Chained licenses are looked at one by one here; operations keep them together. Never allocates.
bool matches(const license_selection& selection, const license_record& item) noexcept;

}  // namespace reinstate

#endif
