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

// Walks the licenses of one store as they were when the cursor was opened, in ascending order of license id.
//
// A walk that opens no payload must be cheap, well under a second for 100,000 licenses: health checks and updates of a
// backup look through the whole store. So `next` reads and opens no payload.
//
// Ownership: must not outlive its store.
// Thread safety: one call at a time; calls may come from different threads.
class license_cursor {
 public:
  virtual ~license_cursor() = default;

  // Gives the next license without its payload, or nothing at the end. An error ends the walk.
  // Lifetime: the record is valid until the next call of `next` or the cursor's end, whichever comes first.
  virtual result<std::optional<license_record>> next() = 0;

  // Opens the payload of the license that `next` gave last; asked again, it gives the same again.
  // Lifetime: as the record's.
  // Errors: license_damaged where it cannot be opened, and the walk goes on; any other ends the walk. invalid_argument
  // where `next` gave no license.
  virtual result<std::span<const std::byte>> payload() = 0;
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
// A store may carry out a change later than it was asked to, while the caller goes on. What fails then is told by a
// later call, at the latest by `commit`; from there on every call fails and nothing is stored.
//
// Thread safety: one call at a time; calls may come from different threads.
class write_batch {
 public:
  virtual ~write_batch() = default;

  // What the store, this batch's own changes included, holds under `id`; nothing where it holds nothing.
  virtual result<std::optional<license_version>> find(const license_id& id) = 0;

  // Puts a license, in place of one with the same id if there is one. Copies what it needs before it returns.
  // Errors: license_too_large is told at once, and the batch is as before.
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

  // Where small documents are kept beside the licenses; null: nowhere, and what they are for is forgotten when the
  // program ends. See note_store.hpp. Lifetime: the store's.
  virtual note_store* notes() noexcept { return nullptr; }
};

// Puts one license in a batch of its own: what an importer or a player needs for a single change.
result<void> put_license(license_store& store, const license& item);

}  // namespace reinstate

#endif
