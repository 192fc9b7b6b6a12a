// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_LICENSE_CHAIN_CHECK_HPP
#define REINSTATE_LICENSE_LICENSE_CHAIN_CHECK_HPP

#include <reinstate/report.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace reinstate {

// Finds the leaves whose root is missing among the licenses that an operation took.
//
// Keeps 16 bytes for each license, and as many leaves of one root as `broken` may list.
// Thread safety: one call at a time.
class license_chain_check {
 public:
  explicit license_chain_check(std::size_t limit) : limit_(limit) {}

  // Adds a license, in any order. `root` is the one in its metadata.
  void add(const license_record& license, const std::optional<key_id>& root);

  // Call once, after the last license.
  void finish();

  // Returns, after `finish`, the leaves whose root was not added, with license_chain_broken: in ascending order of
  // license id, the first ones up to the limit; and the number of all of them.
  const std::vector<license_outcome>& broken() const noexcept { return broken_; }
  std::uint64_t broken_count() const noexcept { return count_; }

 private:
  struct leaves {
    std::uint64_t count = 0;
    std::vector<license_outcome> listed;
  };

  std::size_t limit_;
  std::deque<key_id> keys_;  // of every license; not a vector, which takes up to three times the memory while it grows
  std::map<key_id, leaves> by_root_;
  std::vector<license_outcome> broken_;
  std::uint64_t count_ = 0;
};

}  // namespace reinstate

#endif
