// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_OPERATION_RESTORE_FSM_HPP
#define REINSTATE_ENGINE_OPERATION_RESTORE_FSM_HPP

#include "engine/operation/job.hpp"

namespace reinstate::engine {

// Runs a restore: open, individualize if that is needed and permitted, copy, commit.
//
// Licenses that need no License Management Service are decided in this process, one by one, while copying; the events
// are those of a service that accepted. [O1: BEGIN, CONNECTING, DISCONNECTING, END]
class restore_fsm final : public state_machine {
 public:
  explicit restore_fsm(bool may_individualize) noexcept : may_individualize_(may_individualize) {}
  action resume(step_result last, bool canceled) override;

 private:
  enum class state { start, opening, individualizing, beginning, copying, closing, committing, abandoning };

  action run(state next, step step, std::vector<status_event> events = {});
  action abandon(error_code error, std::vector<status_event> events = {});
  action begin(std::vector<status_event> events);
  action finish_copying(const step_result& last);

  bool may_individualize_;
  state at_ = state::start;
  error_code error_;
};

// Runs an operation that changes nothing, such as a verification or a plan: open, copy.
class inspection_fsm final : public state_machine {
 public:
  action resume(step_result last, bool canceled) override;

 private:
  enum class state { start, opening, copying };

  state at_ = state::start;
};

}  // namespace reinstate::engine

#endif
