// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_NOTE_STORE_HPP
#define REINSTATE_NOTE_STORE_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace reinstate {

// Small documents that a store keeps beside its licenses: the newest known revocation lists, and messages that wait to
// be sent to a service. They hold nothing secret. A name is up to 128 of the characters a to z, 0 to 9, - and /.
//
// Thread safety: any function from any thread.
class note_store {
 public:
  using document = std::vector<std::byte>;

  // Returns the new content for the old one, or nullopt to leave the note unchanged. An empty document removes the
  // note.
  using change = std::function<result<std::optional<document>>(const std::optional<document>& before)>;

  virtual ~note_store() = default;

  // Returns the content of a note, or nullopt if there is no note of that name.
  // Errors: invalid_argument if the name is not a valid one, and those of the store.
  virtual result<std::optional<document>> read(std::string_view name) = 0;

  // Replaces the content of a note by what `edit` makes of it, durably and atomically: no other caller changes the note
  // in between, and a reader finds the old content or the new. `edit` must use neither this object nor its store.
  // Errors: as above, that of `edit`, and store_busy if a batch of the store is open.
  virtual result<void> update(std::string_view name, const change& edit) = 0;
};

}  // namespace reinstate

#endif
