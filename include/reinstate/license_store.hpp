// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_STORE_HPP
#define REINSTATE_LICENSE_STORE_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/note_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace reinstate {

// Iterates over the licenses of a store as they were when the cursor was opened, in ascending order of license id.
//
// An iteration that opens no payload must be cheap, well under a second for 100,000 licenses: health checks and updates
// of a backup read the whole store. For that reason `next` does not read or open payloads.
//
// Lifetime: must not outlive its store.
// Thread safety: one call at a time; calls may come from different threads.
class license_cursor {
 public:
  virtual ~license_cursor() = default;

  // Returns the next license without its payload, or nullopt at the end. An error ends the iteration.
  // Lifetime: the record is valid until the next call of `next` or until the cursor is destroyed, whichever comes
  // first.
  virtual result<std::optional<license_record>> next() = 0;

  // Opens the payload of the license that `next` returned last; repeated calls return the same bytes.
  // Lifetime: as that of the record.
  // Errors: license_damaged if the payload cannot be opened, after which the iteration can continue; any other error
  // ends it. invalid_argument if `next` has returned no license.
  virtual result<std::span<const std::byte>> payload() = 0;
};

// The members of a stored license that are known without opening it.
struct license_version {
  std::uint64_t revision = 0;
  license_state state;
};

// A set of changes to a store that is applied atomically.
//
// Changes become visible to others when `commit` returns. A batch destroyed without a commit leaves the store
// unchanged, and so does a crash at any moment. The batch itself sees its own changes.
//
// A store may carry out a change later than the call, while the caller goes on. A later call then reports the failure,
// at the latest `commit`; from there on every call fails and nothing is stored.
//
// Thread safety: one call at a time; calls may come from different threads.
class write_batch {
 public:
  virtual ~write_batch() = default;

  // Returns the version that the store, including this batch's own changes, holds under `id`; nullopt if there is none.
  virtual result<std::optional<license_version>> find(const license_id& id) = 0;

  // Stores a license, replacing one with the same id. Copies what it needs before it returns.
  // Errors: license_too_large is reported immediately and leaves the batch unchanged.
  virtual result<void> put(const license_record& record) = 0;

  // Removes a license. Removing an id that the store does not hold is not an error.
  virtual result<void> remove(const license_id& id) = 0;

  // Makes the changes visible and durable. The batch cannot be used afterwards, whatever the result.
  virtual result<void> commit() = 0;
};

// The number and size of the licenses in a store.
struct store_description {
  std::uint64_t licenses = 0;
  std::uint64_t payload_bytes = 0;  // of all payloads together; an estimate, used for progress
};

// The licenses of a player. Implement these four functions, and backup and restore work on your store;
// reinstate/testing/license_store_suite.hpp checks an implementation against this contract.
//
// The functions are synchronous and may block; operations call them on their `work` executor, never under a lock.
//
// Thread safety: one call at a time per object, from any thread. Cursors and batches of a store may be used
// concurrently with other calls: a cursor keeps seeing the licenses as of its opening while the player writes. At most
// one batch is open at a time; a second `begin_batch` fails with store_busy or waits.
class license_store {
 public:
  virtual ~license_store() = default;

  // Returns the number and size of the licenses.
  virtual result<store_description> describe() = 0;

  // Opens a cursor over the licenses as they are now. Lifetime: the cursor must not outlive the store.
  virtual result<std::unique_ptr<license_cursor>> open_cursor() = 0;

  // Begins a batch. Errors: store_busy if one is open, unless the store waits. Lifetime: the batch must not outlive the
  // store.
  virtual result<std::unique_ptr<write_batch>> begin_batch() = 0;

  // Returns a license with its payload. Errors: license_not_found, license_damaged.
  virtual result<license> find(const license_id& id) = 0;

  // Returns the store's notes, small documents kept beside the licenses; null if the store keeps none, in which case
  // their content is lost when the program ends. See note_store.hpp. Lifetime: as that of the store.
  virtual note_store* notes() noexcept { return nullptr; }
};

// Stores a license in a batch of its own, for importers and players that change one license.
result<void> put_license(license_store& store, const license& item);

}  // namespace reinstate

#endif
