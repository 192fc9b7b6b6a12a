// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_PAYLOAD_PREFETCH_HPP
#define REINSTATE_STORE_PAYLOAD_PREFETCH_HPP

#include "sqlite/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace reinstate::store {

// Has the system read the payloads in the order in which they lie, while a walk asks for them in another one. A disk
// gives them in order many times faster.
//
// Begins once the walk has had to wait for the disk, and only where the file is small beside the memory.
// Lifetime: must not outlive its connection. Thread safety: one call at a time, as its connection.
class payload_prefetch {
 public:
  explicit payload_prefetch(sqlite::database& in) noexcept : in_(&in) {}

  // The walk has read a payload.
  void count() noexcept { ++walked_; }

  // Reads on, 4,000 payloads or to the end, where it helps. To be called now and then.
  void go_on() noexcept;

 private:
  bool walk_reads_from_disk() noexcept;
  void begin() noexcept;

  sqlite::database* in_;
  std::size_t walked_ = 0;   // payloads since last asked
  std::int64_t blocks_ = 0;  // read from the disk, as last asked
  std::optional<sqlite::statement> rest_;
  bool is_begun_ = false;
};

}  // namespace reinstate::store

#endif
