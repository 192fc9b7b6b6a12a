// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_ROWS_HPP
#define REINSTATE_STORE_LICENSE_ROWS_HPP

#include "license_seal.hpp"
#include "sqlite.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace reinstate::store {

// Reads licenses, and opens those it is asked to. Its buffers serve every row, so that a walk does not allocate.
// Lifetime: must not outlive its database and its seal. Thread safety: one call at a time.
class row_reader {
 public:
  // All licenses in ascending order of id.
  static result<row_reader> all(sqlite::database& in, const license_seal& seal) noexcept;

  // The license with this id, or none. Lifetime: keeps a reference to `id`.
  static result<row_reader> one(sqlite::database& in, const license_seal& seal, const license_id& id) noexcept;

  // The next license without its payload, valid until the next call of `next`; nothing at the end. Not to be called
  // after the end or an error. Errors: store_damaged, store_busy, store_failed, out_of_memory.
  result<std::optional<license_record>> next() noexcept;

  // The payload of the license that `next` gave last, valid until the next call.
  // Errors: license_damaged, invalid_argument where `next` gave none, and those of `next`. Throws std::bad_alloc.
  result<std::span<const std::byte>> payload();

 private:
  static result<row_reader> of(result<sqlite::statement> rows, sqlite::database& in, const license_seal& seal) noexcept;
  row_reader(sqlite::statement rows, sqlite::statement sealed, const license_seal& seal) noexcept
      : rows_(std::move(rows)), sealed_(std::move(sealed)), seal_(&seal) {}

  sqlite::statement rows_;
  sqlite::statement sealed_;  // the sealed payload in one place
  const license_seal* seal_;
  std::optional<license_record> last_;  // that `next` gave
  bool is_well_formed_ = false;         // all of it could be read
  seal_context context_;
  crypto::secret_buffer plaintext_;
};

// Changes licenses within a transaction that the caller began. What write_batch says of its functions holds for these.
// Lifetime: must not outlive its database and its seal. Thread safety: one call at a time.
class row_writer {
 public:
  static result<row_writer> in(sqlite::database& database, const license_seal& seal) noexcept;

  result<std::optional<license_version>> find(const license_id& id) noexcept;
  result<void> put(const license_record& record);
  result<void> remove(const license_id& id) noexcept;

 private:
  row_writer(sqlite::database& in, const license_seal& seal) noexcept;
  result<std::optional<std::int64_t>> place_of(const license_id& id) noexcept;

  struct whereabouts {
    license_id id;
    std::optional<std::int64_t> place;  // nothing where the license is not there
  };

  sqlite::database* database_;
  std::size_t longest_payload_;  // sealed
  std::optional<sqlite::statement> find_, insert_, update_, put_sealed_, remove_, remove_sealed_;
  std::optional<whereabouts> found_;  // by the last call, if it was `find`: who finds a license mostly puts it next
  const license_seal* seal_;
  nonce_supply nonces_;
  seal_context context_;
  std::vector<std::byte> sealed_;
};

}  // namespace reinstate::store

#endif
