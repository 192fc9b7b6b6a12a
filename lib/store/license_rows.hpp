// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_ROWS_HPP
#define REINSTATE_STORE_LICENSE_ROWS_HPP

#include "sqlite/sqlite.hpp"
#include "store/license_seal.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace reinstate::store {

// The row of a license in a database.
struct row_location {
  std::optional<std::int64_t> row_id;  // nullopt if the database does not hold the license
  license_version version;
};

// Changes licenses within the caller's transaction. The functions do what write_batch documents for its own.
// Lifetime: must not outlive its database. Thread safety: one call at a time.
class row_writer {
 public:
  static result<row_writer> open(sqlite::database& database) noexcept;

  // Returns the most bytes of metadata, and of a sealed payload, that can be put.
  std::size_t max_size() const noexcept { return max_size_; }

  result<row_location> find(const license_id& id) noexcept;

  // Puts a license whose payload is sealed. `known` is the result of `find` for it, or nullopt if the license may have
  // changed since; it saves a search.
  result<void> put(const license_record& sealed, const std::optional<row_location>& known) noexcept;

  result<void> remove(const license_id& id) noexcept;

 private:
  explicit row_writer(sqlite::database& database) noexcept;

  sqlite::database* database_;
  std::size_t max_size_;
  std::optional<sqlite::statement> find_, insert_, update_, put_sealed_, remove_, remove_sealed_;
};

}  // namespace reinstate::store

#endif
