// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_READER_HPP
#define REINSTATE_STORE_LICENSE_READER_HPP

#include "store/license_seal.hpp"
#include "store/payload_prefetch.hpp"
#include "crypto/secret_buffer.hpp"
#include "sqlite/sqlite.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace reinstate::store {

// A license as it lies in the database. Refers to memory that somebody else keeps.
struct license_row {
  license_record record;           // without its payload
  crypto::writable_bytes context;  // what its seal binds; its head is written when the payload is read
  std::int64_t place = 0;          // of the payload
  crypto::writable_bytes bytes;    // the payload, sealed until it was opened; empty where it was not read
  bool is_open = false;            // `bytes` are the payload itself
  error_code failure;              // why there is no payload
};

// Some licenses, read together, and the memory that they refer to. Serves one batch after the other, so that a walk
// does not allocate.
//
// Thread safety: one call at a time; each row belongs to whoever opens it.
class license_batch {
 public:
  static constexpr std::size_t most_rows = 64;

  // With room for `bytes` of rows and payloads. What is larger than that lies in a batch alone.
  explicit license_batch(std::size_t bytes = 0) noexcept : usual_size_(bytes) {}

  // Makes the batch empty. Gives memory beyond the usual back.
  void clear() noexcept;

  // Whether there is more in it than the usual.
  bool is_large() const noexcept { return memory_.size() > usual_size_; }

  std::vector<license_row> rows;
  bool has_payloads = false;      // they were read with the rows
  std::optional<error_code> end;  // no license follows: the walk is over, or failed

 private:
  friend class license_reader;
  // Memory in the batch, or nothing where a batch that is not empty has none left. Throws std::bad_alloc.
  std::optional<crypto::writable_bytes> take(std::size_t size);

  std::size_t usual_size_, used_ = 0;
  crypto::secret_buffer memory_;  // never grows while anybody refers to it
};

// Reads licenses from the database, and opens nothing.
// Lifetime: must not outlive its connections. Thread safety: one call at a time.
class license_reader {
 public:
  // All licenses in ascending order of id. `payloads` is another connection that sees the same, where they are
  // scattered.
  static result<license_reader> all(sqlite::database& in, sqlite::database& payloads) noexcept;

  // The license with this id, or none. Lifetime: keeps a reference to `id`.
  static result<license_reader> one(sqlite::database& in, const license_id& id) noexcept;

  // Reads the next licenses, as many as the batch takes. Not to be called after a batch with an end.
  // Errors, as the batch's end: store_damaged, store_busy, store_failed, out_of_memory.
  void read(license_batch& into, bool with_payloads) noexcept;

  // Reads the sealed payload of `row` into `memory`, which it makes larger where it must. A failure is the row's.
  // Throws std::bad_alloc.
  void read_payload(license_row& row, crypto::secret_buffer& memory);

 private:
  license_reader(sqlite::statement rows, sqlite::database& payloads) noexcept
      : rows_(std::move(rows)), payloads_(payloads, "payload", "sealed") {}
  bool read_row(license_batch& into, bool with_payload);
  bool read_open(license_row& row, std::span<const std::byte> metadata) const noexcept;
  void read_sealed(license_row& row, const sqlite::result<std::size_t>& size, crypto::writable_bytes memory) noexcept;

  sqlite::statement rows_;
  sqlite::blob_column payloads_;
  std::optional<payload_prefetch> prefetch_;  // where they are scattered
  bool is_ahead_ = false;                     // the row that `rows_` stands on was in no batch yet
};

// Opens the payload of `row` where it lies, once its sealed bytes were read. A failure is the row's.
void open_payload(license_row& row, const license_seal& seal) noexcept;

// The opened payload. Errors: license_damaged, and those of the reader.
result<std::span<const std::byte>> payload_of(const license_row& row) noexcept;

}  // namespace reinstate::store

#endif
