// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_CLIENT_STEPPER_HPP
#define REINSTATE_SERVICE_CLIENT_STEPPER_HPP

#include <reinstate/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <optional>
#include <stop_token>

namespace reinstate::service {

// Runs asynchronous operations one after the other on the calling thread, each until it is done, a stop was requested,
// or the time is up. So a story told in steps can be ended from outside at any of them.
//
// Lifetime: that of `io`, which nobody else runs meanwhile.
class stepper {
 public:
  using clock = std::chrono::steady_clock;

  stepper(boost::asio::io_context& io, std::stop_token stop) : io_(io), stop_(std::move(stop)) {}

  void set_deadline(clock::time_point deadline) noexcept { deadline_ = deadline; }

  // `start` begins an operation and is given its handler; `abort` makes the operation end soon, where it ends from
  // outside. Errors: operation_canceled, service_unavailable where the time is up, and those of the operation.
  template <class Start, class Abort>
  error_code run(Start start, Abort abort) {
    if (stop_.stop_requested()) return errc::operation_canceled;
    std::optional<error_code> done;
    io_.restart();
    // Wakes the loop below and does nothing else: it does not matter when it comes too late.
    const std::stop_callback wake(stop_, [&io = io_] { boost::asio::post(io, [] {}); });
    start([&done](error_code ec, auto&&...) { done = ec; });
    while (!done) {
      const bool in_time = io_.run_one_until(deadline_) != 0;
      if (done || (in_time && !stop_.stop_requested())) continue;
      abort();
      while (!done) io_.run_one();
      return stop_.stop_requested() ? errc::operation_canceled : errc::service_unavailable;
    }
    return *done;
  }

 private:
  boost::asio::io_context& io_;
  std::stop_token stop_;
  clock::time_point deadline_ = clock::time_point::max();
};

}  // namespace reinstate::service

#endif
