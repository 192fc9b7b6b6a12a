// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_FAULTY_MEDIUM_HPP
#define REINSTATE_TESTING_FAULTY_MEDIUM_HPP

#include <reinstate/backup_medium.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace reinstate::testing {

// A call to a medium, or to one of its readers and writers.
enum class medium_call { list, open, read, create, write, finish, remove };

// The faults to inject into a medium, and the number of calls made so far. Share it with the medium and change it at
// any time between calls: a test runs once to count the calls, then once per call with that call failing.
struct medium_faults {
  std::optional<medium_call> only;  // the calls that are counted and can fail; nullopt for all

  std::uint64_t fail_at = 0;         // number of the call that fails, from 1; 0 for none
  bool keeps_failing = false;        // if true, every counted call after that fails too, as if the medium was removed
  errc error = errc::medium_failed;  // the error that is returned

  // From this call on, counted from 1, changes report success and have no effect; 0 for never. Simulates a disk that
  // loses writes, or a stick that was removed without an error being reported.
  std::uint64_t forget_from = 0;

  std::uint64_t calls = 0;  // calls counted so far
};

// Returns a medium that passes calls on to `medium`, except for the calls that `faults` selects. A failing call is not
// passed on; after a failed call a writer is unusable, as backup_medium specifies, and its file is left unfinished.
// Thread safety: one call at a time over the medium, its readers and writers, and `faults`.
std::unique_ptr<backup_medium> make_faulty_medium(std::unique_ptr<backup_medium> medium,
                                                  std::shared_ptr<medium_faults> faults);

}  // namespace reinstate::testing

#endif
