// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SELECTION_HPP
#define REINSTATE_SELECTION_HPP

#include <reinstate/license.hpp>

#include <string>
#include <vector>

namespace reinstate {

// Selects the licenses of an operation. Each list that is not empty must have an entry that matches; an empty selection
// selects every license.
//
// Titles are compared by UTF-8 characters; a byte that is not part of one counts as a character of its own. In a
// pattern '*' matches any text, '?' one character, and a backslash makes the next character literal. The letters A to Z
// match a to z; other letters match only themselves. Matching a title takes at most as many steps as its length times
// that of the pattern, usually no more than its length.
struct license_selection {
  std::vector<license_id> licenses = {};
  std::vector<key_id> keys = {};
  std::vector<std::string> issuers = {};  // equal, byte for byte
  std::vector<std::string> formats = {};  // equal, byte for byte
  std::vector<std::string> titles = {};   // patterns that match the whole title

  // Returns true if the selection is empty and so selects every license.
  bool selects_all() const noexcept;
};

// Returns true if the selection includes this license, by its ids and metadata; metadata that cannot be read counts as
// empty texts. Considers each license of a license chain separately; operations keep the chain together. Never
// allocates.
bool matches(const license_selection& selection, const license_record& item) noexcept;

}  // namespace reinstate

#endif
