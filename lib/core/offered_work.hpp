// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CORE_OFFERED_WORK_HPP
#define REINSTATE_CORE_OFFERED_WORK_HPP

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace reinstate {

// A piece of work that other threads may do before its result is needed.
//
// The first thread to come does it: one of the executor, or the one that needs the result. So no thread ever waits for
// work that has not begun, even if every thread of the executor is busy or there is only one thread.
//
// Thread safety: one call at a time. The work itself is done once, on any thread.
class offered_work {
 public:
  offered_work() noexcept = default;
  offered_work(offered_work&&) noexcept = default;
  ~offered_work() { withdraw(); }

  // Offers the work to the threads of the executor; if that is empty, keeps it for `finish`.
  // Preconditions: no work is offered. Throws std::bad_alloc; then no work is offered.
  void offer(const boost::asio::any_io_executor& executor, std::function<void()> work);

  bool is_offered() const noexcept { return state_ != nullptr; }

  // Does the work or waits until it is done; does nothing if no work is offered. Rethrows the exception of the work.
  void finish();

  // Takes the offer back: drops work that has not begun, waits for work that has, and drops its exception.
  void withdraw() noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace reinstate

#endif
