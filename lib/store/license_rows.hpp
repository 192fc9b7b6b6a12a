// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_ROWS_HPP
#define REINSTATE_STORE_LICENSE_ROWS_HPP

#include "store/license_seal.hpp"
#include "sqlite/sqlite.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace reinstate::store {

// What a database holds under an id.
struct whereabouts {
  std::optional<std::int64_t> place;  // nothing where the license is not there
  license_version version;
};

// Changes licenses within a transaction that the caller began. What write_batch says of its functions holds for these.
// Lifetime: must not outlive its database. Thread safety: one call at a time.
class row_writer {
 public:
  static result<row_writer> in(sqlite::database& database) noexcept;

  // The most bytes that may be put as metadata, and as a sealed payload.
  std::size_t longest() const noexcept { return longest_; }

  result<whereabouts> find(const license_id& id) noexcept;

  // Puts a license whose payload is sealed already. `known` is what `find` gave for it, where nothing has changed that
  // since: it saves looking again.
  result<void> put(const license_record& sealed, const std::optional<whereabouts>& known) noexcept;

  result<void> remove(const license_id& id) noexcept;

 private:
  explicit row_writer(sqlite::database& in) noexcept;

  sqlite::database* database_;
  std::size_t longest_;
  std::optional<sqlite::statement> find_, insert_, update_, put_sealed_, remove_, remove_sealed_;
};

}  // namespace reinstate::store

#endif
