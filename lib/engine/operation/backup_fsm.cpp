// SPDX-License-Identifier: BSL-1.0
#include "engine/operation/backup_fsm.hpp"

#include "engine/operation/events.hpp"

namespace reinstate::engine {

action backup_fsm::run(state next, step step, std::vector<status_event> events) {
  at_ = next;
  return {action_kind::run, step, {}, std::move(events)};
}

action backup_fsm::abandon(error_code error, std::vector<status_event> events) {
  error_ = error;
  return run(state::abandoning, step::abandon, std::move(events));
}

action backup_fsm::resume(step_result last, bool canceled) {
  switch (at_) {
    case state::start: return run(state::opening, step::open, {event_of(status::begin)});

    case state::opening:
      if (last.error) return abandon(last.error);
      if (canceled) return abandon(errc::operation_canceled);
      return run(state::copying, step::copy, {event_of(last.progress)});

    case state::copying:
      if (last.error) return abandon(last.error, std::move(last.events));
      if (canceled) return abandon(errc::operation_canceled, std::move(last.events));
      last.events.push_back(event_of(last.progress));
      if (last.more) return run(state::copying, step::copy, std::move(last.events));
      if (last.nothing_to_do) return abandon({}, std::move(last.events));
      return run(state::checking, step::check, std::move(last.events));

    case state::checking:
      if (last.error) return abandon(last.error);
      if (canceled) return abandon(errc::operation_canceled);
      if (last.more) return run(state::checking, step::check, {event_of(last.progress)});
      at_ = state::closing;
      return {action_kind::close, {}, {}, {event_of(last.progress)}};

    case state::closing:
      if (canceled) return abandon(errc::operation_canceled);
      return run(state::committing, step::commit);

    case state::committing:
      if (last.error) return abandon(last.error);
      return run(state::cleaning, step::clean_up);

    case state::cleaning: return {};  // the next backup removes what could not be removed

    case state::abandoning: return {action_kind::finish, {}, error_, {}};
  }
  return {};
}

}  // namespace reinstate::engine
