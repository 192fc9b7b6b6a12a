// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_BACKUP_FSM_HPP
#define REINSTATE_ENGINE_OPERATION_BACKUP_FSM_HPP

#include "engine/operation/job.hpp"

namespace reinstate::engine {

// Runs a backup: open, copy, check what was written, commit, clean up. Until the commit every error and a cancellation
// lead to `abandon`; after it the backup stands.
class backup_fsm final : public state_machine {
 public:
  action resume(step_result last, bool canceled) override;

 private:
  enum class state { start, opening, copying, checking, closing, committing, cleaning, abandoning };

  action run(state next, step step, std::vector<status_event> events = {});
  action abandon(error_code error, std::vector<status_event> events = {});

  state at_ = state::start;
  error_code error_;  // of an operation that is being abandoned
};

}  // namespace reinstate::engine

#endif
