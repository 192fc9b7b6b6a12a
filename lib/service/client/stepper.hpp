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
// or the deadline has passed. Synchronous code written this way can be interrupted at each operation.
//
// Lifetime: must not outlive `io`, which no other code may run meanwhile.
class stepper {
 public:
  using clock = std::chrono::steady_clock;

  stepper(boost::asio::io_context& io, std::stop_token stop) : io_(io), stop_(std::move(stop)) {}

  void set_deadline(clock::time_point deadline) noexcept { deadline_ = deadline; }

  // Runs one operation. `start` begins it and receives its handler; `abort` makes it end soon, if it is stopped or too
  // late. Errors: operation_canceled, service_unavailable after the deadline, and those of the operation.
  template <class Start, class Abort>
  error_code run(Start start, Abort abort) {
    if (stop_.stop_requested()) return errc::operation_canceled;
    std::optional<error_code> done;
    io_.restart();
    // Only wakes the loop below, so that it is harmless if it comes too late.
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
