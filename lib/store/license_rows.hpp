// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_ROWS_HPP
#define REINSTATE_STORE_LICENSE_ROWS_HPP

#include "license_seal.hpp"
#include "sqlite.hpp"

#include <reinstate/license_store.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace reinstate::store {

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
