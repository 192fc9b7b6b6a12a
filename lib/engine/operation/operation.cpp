// SPDX-License-Identifier: BSL-1.0
#include "engine/operation/operation.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <new>
#include <utility>
#include <variant>

namespace reinstate::engine {
namespace asio = boost::asio;

namespace {

// Runs a step of a job. An exception that arrives here is of the store: see guarded_plugins.
step_result run_guarded(job& job, step next) noexcept {
  try {
    return job.run(next);
  } catch (const std::bad_alloc&) {
    return {errc::out_of_memory};
  } catch (...) {
    return {errc::store_failed};
  }
}

// More than the posts at the end take.
constexpr std::size_t reserve_size = 16 * 1024;

// Calls a function after memory has run out; if it needs memory itself, the operation ends silently and its handler is
// destroyed uncalled.
template <class Function>
void without_memory(Function function) noexcept {
  try {
    function();
  } catch (...) {
  }
}

}  // namespace

bool delivery_gate::enter(std::shared_ptr<operation> next) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) waiting_ = std::move(next);
  return !is_closed_;
}

void delivery_gate::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

std::shared_ptr<operation> delivery_gate::open() {
  const std::lock_guard lock(mutex_);
  is_closed_ = false;
  return std::move(waiting_);
}

operation::operation(asio::any_io_executor io, asio::any_io_executor work, parts parts)
    : io_(std::move(io)),
      work_(std::move(work)),
      io_guard_(io_),
      stop_(parts.stop),
      parts_(std::move(parts)),
      reserve_(new std::byte[reserve_size]) {
}

void operation::start() {
  if (parts_.handler) {
    handler_executor_ = asio::prefer(asio::any_completion_executor(asio::get_associated_executor(parts_.handler, io_)),
                                     asio::execution::outstanding_work.tracked);
    if (auto slot = asio::get_associated_cancellation_slot(parts_.handler); slot.is_connected())
      slot.assign([weak = weak_from_this()](asio::cancellation_type) {
        if (const auto self = weak.lock()) self->cancel();
      });
  }
  if (parts_.gate->enter(shared_from_this())) post(io_, [self = shared_from_this()] { self->resume(); });
}

cancel_result operation::cancel() noexcept {
  phase expected = phase::running;
  if (phase_.compare_exchange_strong(expected, phase::canceled)) stop_.request_stop();
  return expected == phase::closed ? cancel_result::nothing_running : cancel_result::accepted;
}

// Refuses later cancellations; returns false if one came before.
bool operation::close() noexcept {
  phase expected = phase::running;
  phase_.compare_exchange_strong(expected, phase::closed);
  return expected != phase::canceled;
}

template <class Function>
void operation::post(const asio::any_io_executor& executor, Function function) {
  try {
    asio::post(executor, function);
  } catch (const std::bad_alloc&) {
    if (!reserve_) throw;
    reserve_.reset();
    asio::post(executor, std::move(function));
  }
}

void operation::resume() noexcept {
  try {
    if (gave_up_) return end(errc::out_of_memory);
    action next = parts_.state_machine->resume(std::move(last_), phase_ == phase::canceled);
    for (;;) {
      for (const status_event& event : next.events)
        if (pace_.lets_through(event, progress_pace::clock::now())) deliver(parts_.callback.get(), event);
      switch (next.kind) {
        case action_kind::run: return post_step(next.step);
        case action_kind::close: next = parts_.state_machine->resume({}, !close()); break;
        case action_kind::finish: return end(next.result);
      }
    }
  } catch (...) {
    without_memory([this] { give_up(); });
  }
}

// Reports a commit as it ended; abandons an operation that has not committed.
void operation::give_up() {
  if (committed_) return end(*committed_);
  gave_up_ = true;
  post_step(step::abandon);
}

void operation::post_step(step step) {
  post(work_, [self = shared_from_this(), step] { self->run_step(step); });
}

void operation::run_step(step step) noexcept {
  last_ = run_guarded(*parts_.job, step);
  if (step == engine::step::commit && (!last_.error || is_partial(last_.error))) committed_ = last_.error;
  without_memory([&] { post(io_, [self = shared_from_this()] { self->resume(); }); });
}

void operation::end(error_code result) {
  // A cancellation that was accepted is answered as one, also when the operation has failed meanwhile. [O11]
  result_ = close() ? result : error_code(errc::operation_canceled);
  post(work_, [self = shared_from_this()] { self->release_job(); });
}

// Destroys the job on `work`: closing its files or its transaction may block.
void operation::release_job() noexcept {
  without_memory([this] { report_ = parts_.job->report(); });
  parts_.job.reset();
  without_memory([this] { post(io_, [self = shared_from_this()]() mutable { finish(std::move(self)); }); });
}

// Releases everything the operation held before the caller hears of its end.
void operation::finish(std::shared_ptr<operation> self) {
  parts last = std::move(self->parts_);
  const error_code result = self->result_;
  operation_report report = std::move(self->report_);
  const auto io_guard = std::move(self->io_guard_);
  const asio::any_completion_executor executor = std::move(self->handler_executor_);
  last.state_machine.reset();
  last.gate->close();
  last.reservation.reset();
  self.reset();

  status_event end{status::end, result, std::move(report)};
  deliver(last.callback.get(), end);
  last.callback.reset();
  if (const auto next = last.gate->open()) next->resume();
  if (!last.handler) return;
  asio::dispatch(executor, [handler = std::move(last.handler), result,
                            report = std::get<operation_report>(std::move(end.payload))]() mutable {
    // Here, because a slot may be used on its handler's executor only.
    if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) slot.clear();
    std::move(handler)(result, std::move(report));
  });
}

void operation::deliver(status_callback* callback, const status_event& event) noexcept {
  if (callback == nullptr) return;
  try {
    callback->on_status(event);
  } catch (...) {
    // An exception of the callback does not affect the operation. [C78]
  }
}

}  // namespace reinstate::engine
