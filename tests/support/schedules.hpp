// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SCHEDULES_HPP
#define REINSTATE_TESTS_SCHEDULES_HPP

#include <cstddef>
#include <vector>

namespace reinstate::test {

// Goes through every sequence of choices a scenario can make, each exactly once:
//
//     schedules all;
//     do {
//       ... all.choose(2) ...
//     } while (all.next());
//
// Preconditions: a scenario that is given the same choices asks the same questions.
class schedules {
 public:
  // One of 0 to `options` - 1.
  std::size_t choose(std::size_t options) {
    if (at_ == path_.size()) path_.push_back({0, options});
    return path_[at_++].chosen;
  }

  // Turns to the next sequence; false where that was the last.
  bool next() {
    at_ = 0;
    while (!path_.empty() && path_.back().chosen + 1 == path_.back().options) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().chosen;
    return true;
  }

 private:
  struct choice {
    std::size_t chosen, options;
  };

  std::vector<choice> path_;
  std::size_t at_ = 0;
};

}  // namespace reinstate::test

#endif
