// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_JOB_HPP
#define REINSTATE_ENGINE_OPERATION_JOB_HPP

#include <reinstate/report.hpp>
#include <reinstate/status.hpp>

#include <string>
#include <vector>

namespace reinstate::engine {

// The steps of an operation. Each runs on `work`, one at a time; between two steps the operation can be canceled and
// its events are delivered.
enum class step {
  open,           // look at the medium, unlock the set
  individualize,  // restore: give this machine its identity
  begin,          // restore: begin the change of the store
  copy,           // move some licenses; repeated
  check,          // backup: read some of what was written; repeated
  commit,         // make the backup or the change of the store exist
  clean_up,       // backup: remove the generations it replaces
  abandon,        // remove what was written
};

// The answer of the License Management Service about a restore as a whole.
struct service_answer {
  bool accepted = true;        // it granted something, or was not needed
  bool reached_limit = false;  // some license is on as many machines as permitted
  std::string help_url = {};   // the page that tells the user what to do
  error_code refusal = {};     // why no license at all could be restored
};

// The result of one step.
struct step_result {
  error_code error = {};
  bool more = false;                      // copy and check: there is more of the same
  bool needs_individualization = false;   // open: this machine has no identity yet
  bool nothing_to_do = false;             // copy: an update found no change, so its files are removed
  std::vector<status_event> events = {};  // to deliver, in order
  operation_progress progress = {};       // so far
  service_answer answer = {};             // copy: of a restore, with its last piece
};

// The part of an operation that does input and output, synchronously.
// Thread safety: one call at a time, from any thread.
class job {
 public:
  virtual ~job() = default;
  virtual step_result run(step next) = 0;
  virtual operation_report report() const = 0;
};

// Returns true if a commit with this error has stored some licenses all the same.
inline bool is_partial(const error_code& error) noexcept {
  return error == errc::not_all_licenses_stored || error == errc::backup_salvaged;
}

enum class action_kind {
  run,     // run `step`, then resume with its result
  close,   // canceling is too late from here on; resume
  finish,  // end the operation with `result`
};

// The next action of an operation: deliver `events`, then do what `kind` says.
struct action {
  action_kind kind = action_kind::finish;
  engine::step step = engine::step::open;
  error_code result = {};
  std::vector<status_event> events = {};
};

// The part of an operation that decides on the next step: no input, no output, no executor, no clock.
class state_machine {
 public:
  virtual ~state_machine() = default;

  // Takes the result of what the last action asked for; the first call takes an empty one. `canceled` says whether the
  // operation was asked to stop, and stays as it is after `close`.
  virtual action resume(step_result last, bool canceled) = 0;
};

}  // namespace reinstate::engine

#endif
