// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_PAYLOAD_PREFETCH_HPP
#define REINSTATE_STORE_PAYLOAD_PREFETCH_HPP

#include "sqlite/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace reinstate::store {

// Reads the payloads into the page cache in the order in which they lie, while a walk asks for them in another order. A
// disk is many times faster in order.
//
// Begins once the walk has had to wait for the disk, and only if the file is small compared to the memory.
// Lifetime: must not outlive its connection. Thread safety: one call at a time, as its connection.
class payload_prefetch {
 public:
  explicit payload_prefetch(sqlite::database& database) noexcept : database_(&database) {}

  // Counts a payload that the walk has read.
  void count_payload() noexcept { ++walked_; }

  // Reads the next 4,000 payloads, or to the end, if that helps. Called once per batch.
  void read_more() noexcept;

 private:
  bool walk_reads_from_disk() noexcept;
  void begin() noexcept;

  sqlite::database* database_;
  std::size_t walked_ = 0;   // payloads since the last check
  std::int64_t blocks_ = 0;  // read from the disk until the last check
  std::optional<sqlite::statement> rest_;
  bool is_begun_ = false;
};

}  // namespace reinstate::store

#endif
