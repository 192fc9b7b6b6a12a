// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_STORE_HPP
#define REINSTATE_LICENSE_STORE_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace reinstate {

// One step of a walk: a license, and whether its payload could be opened.
struct stored_license {
  license_record record;  // valid until the cursor's next call or its end, whichever comes first
  error_code damage;      // license_damaged where the payload could not be opened; the payload is empty then
};

// Walks the licenses of one store as they were when the cursor was opened, in ascending order of license id.
//
// Ownership: must not outlive its store.
// Thread safety: one call at a time; calls may come from different threads.
class license_cursor {
 public:
  virtual ~license_cursor() = default;

  // Gives the next license, or nothing at the end. An error ends the walk; a damaged license does not.
  virtual result<std::optional<stored_license>> next() = 0;
};

// What is known of a stored license without opening it.
struct license_version {
  std::uint64_t revision = 0;
  license_state state;
};

// Changes to a store that all happen, or none of them.
//
// Nothing is visible to others before `commit` has returned; a batch destroyed without it leaves the store as it was,
// and so does a crash at any moment. The batch itself sees what it has put.
//
// Thread safety: one call at a time; calls may come from different threads.
class write_batch {
 public:
  virtual ~write_batch() = default;

  // What the store, this batch's own changes included, holds under `id`; nothing where it holds nothing.
  virtual result<std::optional<license_version>> find(const license_id& id) = 0;

  // Puts a license, in place of one with the same id if there is one. Copies what it needs before it returns.
  virtual result<void> put(const license_record& record) = 0;

  // Removes a license; an id the store does not hold is no error.
  virtual result<void> remove(const license_id& id) = 0;

  // Makes the changes visible and durable. The batch is spent afterwards, whatever the result.
  virtual result<void> commit() = 0;
};

struct store_description {
  std::uint64_t licenses = 0;
  std::uint64_t payload_bytes = 0;  // of all payloads together; for progress, an estimate is good enough
};

// Where a player keeps its licenses. Implement these four functions and backup and restore work on your store;
// reinstate/testing/license_store_suite.hpp checks that they do what is promised here.
//
// The functions are synchronous and may block; operations call them on their `work` executor, never under a lock.
//
// Thread safety: one call at a time per object, from any thread. Cursors and batches of one store may be used while
// other calls are made: a cursor goes on to see what it saw when opened, while the player writes. At most one batch is
// open at a time; a second `begin_batch` fails with store_busy or waits.
class license_store {
 public:
  virtual ~license_store() = default;

  virtual result<store_description> describe() = 0;

  // Lifetime: the cursor must not outlive the store.
  virtual result<std::unique_ptr<license_cursor>> open_cursor() = 0;

  // Lifetime: the batch must not outlive the store.
  virtual result<std::unique_ptr<write_batch>> begin_batch() = 0;

  // Errors: license_not_found, license_damaged.
  virtual result<license> find(const license_id& id) = 0;
};

// Puts one license in a batch of its own: what an importer or a player needs for a single change.
result<void> put_license(license_store& store, const license& item);

}  // namespace reinstate

#endif
