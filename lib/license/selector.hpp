// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_SELECTOR_HPP
#define REINSTATE_LICENSE_SELECTOR_HPP

#include <reinstate/selection.hpp>

#include <deque>
#include <set>
#include <vector>

namespace reinstate {

// Decides license by license, in time that hardly grows with the lists of the selection (but does with the number of
// patterns). With a selection, chained licenses travel together: who takes a leaf takes its root, and who takes a root
// takes its leaves. A root that is there only for the sake of one leaf does not bring its other leaves.
//
// The first walk keeps 16 bytes for each license that the selection names, and 32 for each leaf.
// Not for several threads at a time.
class selector {
 public:
  explicit selector(const license_selection& selection);

  // Whether `look` must see every license, in any order, before the first call of `takes`.
  bool needs_look() const noexcept { return !all_; }

  void look(const license_record& item);   // the first walk
  bool takes(const license_record& item);  // the second

 private:
  // The keys of a leaf and of its root.
  struct link {
    key_id leaf, root;
  };

  void follow_chains();

  bool all_;
  bool followed_ = false;
  license_selection sorted_;  // the lists in ascending order

  // What the first walk found, until the chains were followed. Not vectors, which take up to three times as much while
  // they grow.
  std::deque<key_id> named_keys_;
  std::deque<link> links_;

  std::set<key_id> taken_;   // keys of roots that bring their leaves
  std::set<key_id> needed_;  // keys of roots that a leaf which is taken needs
};

}  // namespace reinstate

#endif
