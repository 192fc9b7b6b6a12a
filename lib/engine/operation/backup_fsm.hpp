// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_BACKUP_FSM_HPP
#define REINSTATE_ENGINE_OPERATION_BACKUP_FSM_HPP

#include "engine/operation/job.hpp"

namespace reinstate::engine {

// A backup: open, copy, check what was written, commit, clean up. Until the commit anything that goes wrong, and a
// cancellation, leads to `abandon`; after it nothing can be undone and nothing needs to be.
class backup_fsm final : public state_machine {
 public:
  action resume(step_result last, bool canceled) override;

 private:
  enum class state { start, opening, copying, checking, closing, committing, cleaning, abandoning };

  action run(state next, step what, std::vector<status_event> events = {});
  action abandon(error_code why, std::vector<status_event> events = {});

  state at_ = state::start;
  error_code why_;  // of an operation that is being abandoned
};

}  // namespace reinstate::engine

#endif
