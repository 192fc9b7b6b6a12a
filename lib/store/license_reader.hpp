// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_READER_HPP
#define REINSTATE_STORE_LICENSE_READER_HPP

#include "crypto/secret_buffer.hpp"
#include "sqlite/sqlite.hpp"
#include "store/license_seal.hpp"
#include "store/payload_prefetch.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace reinstate::store {

// A license as it lies in the database. Refers to memory of its batch.
struct license_row {
  license_record record;           // without its payload
  crypto::writable_bytes context;  // data that the seal authenticates; the head is written when the payload is read
  std::int64_t row_id = 0;         // of the payload
  crypto::writable_bytes bytes;    // the payload, sealed until it is opened; empty if it was not read
  bool is_open = false;            // `bytes` are the plaintext
  error_code failure;              // the reason if there is no payload
};

// Licenses that were read together, and the memory that they refer to. Used for one batch after the other, so that a
// walk does not allocate.
//
// Thread safety: one call at a time; each row belongs to the thread that opens it.
class license_batch {
 public:
  static constexpr std::size_t max_rows = 64;

  // Makes room for `bytes` of rows and payloads. A larger license has a batch to itself.
  explicit license_batch(std::size_t bytes = 0) noexcept : usual_size_(bytes) {}

  // Empties the batch. Frees memory beyond the usual size.
  void clear() noexcept;

  // Returns true if the batch holds a license larger than the usual size.
  bool is_large() const noexcept { return memory_.size() > usual_size_; }

  std::vector<license_row> rows;
  bool has_payloads = false;      // payloads were read with the rows
  std::optional<error_code> end;  // set if no license follows: success at the end of the walk, or its error

 private:
  friend class license_reader;
  // Returns memory of the batch, or nullopt if the batch is not empty and has none left. Throws std::bad_alloc.
  std::optional<crypto::writable_bytes> allocate(std::size_t size);

  std::size_t usual_size_, used_ = 0;
  crypto::secret_buffer memory_;  // never grows while a row refers to it
};

// Reads licenses from the database without opening their payloads.
// Lifetime: must not outlive its connections. Thread safety: one call at a time.
class license_reader {
 public:
  // Prepares to read all licenses in ascending order of id. `payloads` is a second connection with the same snapshot if
  // the licenses are scattered, else `database` itself.
  static result<license_reader> all(sqlite::database& database, sqlite::database& payloads) noexcept;

  // Prepares to read the license with this id, if there is one. Lifetime: keeps a reference to `id`.
  static result<license_reader> one(sqlite::database& database, const license_id& id) noexcept;

  // Reads the next licenses, as many as the batch takes. Not to be called after a batch with an end.
  // Errors, as the batch's end: store_damaged, store_busy, store_failed, out_of_memory.
  void read(license_batch& batch, bool with_payloads) noexcept;

  // Reads the sealed payload of `row` into `memory`, which grows as needed. Stores an error in the row.
  // Throws std::bad_alloc.
  void read_payload(license_row& row, crypto::secret_buffer& memory);

 private:
  license_reader(sqlite::statement rows, sqlite::database& payloads) noexcept
      : rows_(std::move(rows)), payloads_(payloads, "payload", "sealed") {}
  bool read_row(license_batch& batch, bool with_payload);
  bool read_open(license_row& row, std::span<const std::byte> metadata) const noexcept;
  void read_sealed(license_row& row, const sqlite::result<std::size_t>& size, crypto::writable_bytes memory) noexcept;

  sqlite::statement rows_;
  sqlite::blob_column payloads_;
  std::optional<payload_prefetch> prefetch_;  // if the licenses are scattered
  bool is_ahead_ = false;                     // the current row of `rows_` was in no batch yet
};

// Decrypts the payload of `row` in place, once its sealed bytes were read. Stores an error in the row.
void open_payload(license_row& row, const license_seal& seal) noexcept;

// Returns the opened payload. Errors: license_damaged, and those of the reader.
result<std::span<const std::byte>> payload_of(const license_row& row) noexcept;

}  // namespace reinstate::store

#endif
