// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_CHAIN_CHECK_HPP
#define REINSTATE_LICENSE_CHAIN_CHECK_HPP

#include <reinstate/report.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace reinstate {

// Finds the leaves whose root is missing among the licenses an operation took.
//
// Keeps 16 bytes for each license, and of the leaves of one root as many as `broken` may list.
// Not for several threads at a time.
class chain_check {
 public:
  explicit chain_check(std::size_t limit) : limit_(limit) {}

  // In any order. `root` is the one in the license's metadata.
  void add(const license_record& taken, const std::optional<key_id>& root);

  // Call once, after the last license.
  void finish();

  // After `finish`: leaves whose root was not added, in ascending order of license id, the first of them up to the
  // limit, with license_chain_broken; and how many there are altogether.
  const std::vector<license_outcome>& broken() const noexcept { return broken_; }
  std::uint64_t broken_count() const noexcept { return count_; }

 private:
  struct leaves {
    std::uint64_t count = 0;
    std::vector<license_outcome> first;
  };

  std::size_t limit_;
  std::deque<key_id> keys_;  // of every license; not a vector, which takes up to three times as much while it grows
  std::map<key_id, leaves> by_root_;
  std::vector<license_outcome> broken_;
  std::uint64_t count_ = 0;
};

}  // namespace reinstate

#endif
