// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_LICENSE_SELECTOR_HPP
#define REINSTATE_LICENSE_SELECTOR_HPP

#include <reinstate/selection.hpp>

#include <deque>
#include <set>
#include <vector>

namespace reinstate {

// Applies a selection license by license, in time that hardly grows with its lists (but does with the number of
// patterns). A selection takes whole license chains: with a leaf its root, and with a root its leaves. A root that is
// taken only because of one leaf does not bring its other leaves.
//
// The first walk keeps 16 bytes for each license that the selection names, and 32 for each leaf.
// Thread safety: one call at a time.
class selector {
 public:
  explicit selector(const license_selection& selection);

  // Returns true if `look` must be called for every license, in any order, before the first call of `takes`.
  bool needs_look() const noexcept { return !selects_all_; }

  void look(const license_record& license);   // the first walk
  bool takes(const license_record& license);  // the second walk: returns true if the license is selected

 private:
  // The keys of a leaf and of its root.
  struct link {
    key_id leaf, root;
  };

  void follow_chains();

  bool selects_all_;
  bool has_followed_chains_ = false;
  license_selection sorted_;  // the lists in ascending order

  // Found by the first walk, dropped once the chains were followed. Not vectors, which take up to three times the
  // memory while they grow.
  std::deque<key_id> named_keys_;
  std::deque<link> links_;

  std::set<key_id> taken_;   // keys of roots that bring their leaves
  std::set<key_id> needed_;  // keys of roots of leaves that are taken
};

}  // namespace reinstate

#endif
