// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_STEPPED_EXECUTORS_HPP
#define REINSTATE_TESTING_STEPPED_EXECUTORS_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>

namespace reinstate::testing {

// The two executors of a restorer, run by hand: nothing runs on either until a test takes a step. A test can thus go
// through every interleaving instead of waiting for the one that fails.
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
// Handlers run in the thread that takes the step, and an exception of a handler propagates out of the step.
//
// Lifetime: must outlive the restorers that use it. Handlers that have not run are destroyed with it without being
// called: an operation dropped half-way looks like one whose process ended.
// Thread safety: steps from one thread at a time and never from inside a handler; the executors may be used from any
// thread.
class stepped_executors {
 public:
  boost::asio::any_io_executor io() noexcept { return io_.get_executor(); }
  boost::asio::any_io_executor work() noexcept { return work_.get_executor(); }

  // Runs the next handler. Returns true if there was one.
  bool step_io() { return step(io_); }
  bool step_work() { return step(work_); }

  // Steps until neither executor has a handler left. Returns the number of handlers run.
  std::size_t run_until_idle();

 private:
  static bool step(boost::asio::io_context& context);

  boost::asio::io_context io_{1}, work_{1};
};

}  // namespace reinstate::testing

#endif
