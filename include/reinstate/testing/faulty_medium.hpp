// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_FAULTY_MEDIUM_HPP
#define REINSTATE_TESTING_FAULTY_MEDIUM_HPP

#include <reinstate/backup_medium.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace reinstate::testing {

enum class medium_call { list, open, read, create, write, finish, remove };

// What goes wrong on a faulty medium, and what has been asked of it so far. Share it with the medium, change it at any
// time between calls: a test runs once to learn how many calls there are, then once for each with that one failing.
struct medium_faults {
  std::optional<medium_call> only;  // which calls are counted and can fail; all where nothing is set

  std::uint64_t fail_at = 0;         // the call that fails, counted from 1; 0 for none
  bool keeps_failing = false;        // every counted call after that fails too, as when the medium was pulled out
  errc error = errc::medium_failed;  // how it fails

  // From this call on, counted from 1, changes report success and leave no trace; 0 for never. So does a disk that
  // lies, or a stick that was pulled out without anyone being told.
  std::uint64_t forget_from = 0;

  std::uint64_t calls = 0;  // counted so far
};

// Passes calls on to `medium`, except where `faults` says otherwise. A call that fails is not passed on; a writer one
// of whose calls has failed is dead, as backup_medium promises, and its file is left unfinished.
// Thread safety: one call at a time over the medium, its readers and writers, and `faults`.
std::unique_ptr<backup_medium> make_faulty_medium(std::unique_ptr<backup_medium> medium,
                                                  std::shared_ptr<medium_faults> faults);

}  // namespace reinstate::testing

#endif
