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

// Small documents that a store keeps beside its licenses: the newest revocation lists that were seen, and what waits to
// be told to a service. Nothing in them is secret. A name is up to 128 of the characters a to z, 0 to 9, - and /.
//
// Thread safety: any function from any thread.
class note_store {
 public:
  using document = std::vector<std::byte>;

  // Gives the new content from the old one, or nothing to leave it as it is. An empty document removes the note.
  using change = std::function<result<std::optional<document>>(const std::optional<document>& before)>;

  virtual ~note_store() = default;

  // Nothing where there is no note of that name.
  // Errors: invalid_argument for a name that is none, and those of the store.
  virtual result<std::optional<document>> read(std::string_view name) = 0;

  // Reads, lets `make` decide, and writes durably, without anybody changing the note in between: a reader finds the old
  // content or the new. `make` must use neither this object nor its store.
  // Errors: as above, that of `make`, and store_busy where a batch of the store is open.
  virtual result<void> update(std::string_view name, const change& make) = 0;
};

}  // namespace reinstate

#endif
