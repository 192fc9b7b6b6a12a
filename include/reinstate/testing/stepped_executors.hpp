// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_STEPPED_EXECUTORS_HPP
#define REINSTATE_TESTING_STEPPED_EXECUTORS_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>

namespace reinstate::testing {

// The two executors of a restorer, run by hand: nothing happens on either until a test takes a step, so a test can go
// through every order in which things may happen instead of waiting for the one that breaks.
//
//     reinstate::testing::stepped_executors executors;
//     config.io = executors.io();
//     config.work = executors.work();
//     ...
//     restorer->backup_licenses(flags, callback);
//     executors.step_io();    // the first event
//     executors.step_work();  // the first step of the backup
//     restorer->cancel_license_backup();
//     executors.run_until_idle();
//
// Handlers run in the thread that takes the step, and an exception of a handler leaves the step.
//
// Lifetime: must outlive the restorers that use it. What has not run is destroyed with it, never called: an operation
// that is dropped half-way is one whose process ended.
// Thread safety: steps from one thread at a time and never from inside a handler; executors may be used from anywhere.
class stepped_executors {
 public:
  boost::asio::any_io_executor io() noexcept { return io_.get_executor(); }
  boost::asio::any_io_executor work() noexcept { return work_.get_executor(); }

  // Runs the handler that is next in line. Returns whether there was one.
  bool step_io() { return step(io_); }
  bool step_work() { return step(work_); }

  // Steps until neither executor has a handler left. Returns how many ran.
  std::size_t run_until_idle();

 private:
  static bool step(boost::asio::io_context& context);

  boost::asio::io_context io_{1}, work_{1};
};

}  // namespace reinstate::testing

#endif
