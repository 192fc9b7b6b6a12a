// SPDX-License-Identifier: BSL-1.0
#include "engine/operation/restore_fsm.hpp"

#include "engine/operation/events.hpp"

namespace reinstate::engine {

action restore_fsm::run(state next, step step, std::vector<status_event> events) {
  at_ = next;
  return {action_kind::run, step, {}, std::move(events)};
}

action restore_fsm::abandon(error_code error, std::vector<status_event> events) {
  error_ = error;
  return run(state::abandoning, step::abandon, std::move(events));
}

action restore_fsm::begin(std::vector<status_event> events) {
  events.push_back(event_of(status::connecting));
  return run(state::beginning, step::begin, std::move(events));
}

// [O16, C86, C97, C98]
action restore_fsm::finish_copying(const step_result& last) {
  std::vector<status_event> events{event_of(last.progress)};
  const service_answer& answer = last.answer;
  if (answer.reached_limit)
    events.push_back({status::error_with_url, errc::machine_limit_reached, url_reference{answer.help_url}});
  if (answer.refusal.failed()) return abandon(answer.refusal, std::move(events));
  if (answer.accepted) events.push_back(event_of(status::disconnecting));
  at_ = state::closing;
  return {action_kind::close, {}, {}, std::move(events)};
}

action restore_fsm::resume(step_result last, bool canceled) {
  switch (at_) {
    case state::start: return run(state::opening, step::open, {event_of(status::begin)});

    case state::opening:
      if (last.error) return abandon(last.error);
      if (canceled) return abandon(errc::operation_canceled);
      if (!last.needs_individualization) return begin({});
      if (!may_individualize_)
        return abandon(errc::needs_individualization, {event_of(status::needs_individualization)});
      return run(state::individualizing, step::individualize, {event_of(individualization::begin)});

    case state::individualizing:
      if (canceled)
        return abandon(errc::operation_canceled, {event_of(individualization::canceled, errc::operation_canceled)});
      if (last.error) return abandon(last.error, {event_of(individualization::failed, last.error)});
      return begin({event_of(individualization::succeeded)});

    case state::beginning:
      if (last.error) return abandon(last.error);
      if (canceled) return abandon(errc::operation_canceled);
      return run(state::copying, step::copy, {event_of(last.progress)});

    case state::copying:
      if (last.error) return abandon(last.error);
      if (canceled) return abandon(errc::operation_canceled);
      if (last.more) return run(state::copying, step::copy, {event_of(last.progress)});
      return finish_copying(last);

    case state::closing:
      if (canceled) return abandon(errc::operation_canceled);
      return run(state::committing, step::commit);

    case state::committing:
      if (last.error && !is_partial(last.error)) return abandon(last.error);
      return {action_kind::finish, {}, last.error, {}};

    case state::abandoning: return {action_kind::finish, {}, error_, {}};
  }
  return {};
}

action inspection_fsm::resume(step_result last, bool canceled) {
  const auto finish = [](error_code result, std::vector<status_event> events = {}) {
    return action{action_kind::finish, {}, result, std::move(events)};
  };
  if (last.error) return finish(last.error);
  if (canceled) return finish(errc::operation_canceled);
  switch (at_) {
    case state::start: at_ = state::opening; return {action_kind::run, step::open, {}, {event_of(status::begin)}};

    case state::opening: at_ = state::copying; return {action_kind::run, step::copy, {}, {event_of(last.progress)}};

    case state::copying:
      if (last.more) return {action_kind::run, step::copy, {}, {event_of(last.progress)}};
      return finish({}, {event_of(last.progress)});
  }
  return {};
}

}  // namespace reinstate::engine
