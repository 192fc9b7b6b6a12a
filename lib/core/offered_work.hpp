// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CORE_OFFERED_WORK_HPP
#define REINSTATE_CORE_OFFERED_WORK_HPP

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace reinstate {

// A piece of work that other threads may do before its result is needed.
//
// Whoever comes first does it: a thread of the executor, or the one that needs the result. So nobody ever waits for
// work that nobody does, also where every thread is busy or there is only one.
//
// Thread safety: one call at a time. The work itself is done once, on any thread.
class offered_work {
 public:
  offered_work() noexcept = default;
  offered_work(offered_work&&) noexcept = default;
  ~offered_work() { withdraw(); }

  // Offers `what` to the threads of `to`; to nobody where that is empty. Preconditions: nothing is offered.
  // Throws std::bad_alloc; then nothing is offered.
  void offer(const boost::asio::any_io_executor& to, std::function<void()> what);

  bool is_offered() const noexcept { return state_ != nullptr; }

  // Returns once the work is done. Throws what the work has thrown. Without an offer there is nothing to do.
  void finish();

  // The same, but work that nobody has begun is not done any more, and what it throws is dropped.
  void withdraw() noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace reinstate

#endif
