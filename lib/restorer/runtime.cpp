// SPDX-License-Identifier: BSL-1.0
#include "blocked_signals.hpp"

#include <reinstate/runtime.hpp>

#include <boost/asio/thread_pool.hpp>

namespace reinstate {

struct runtime::threads {
  boost::asio::thread_pool work{1};
  boost::asio::thread_pool io{1};
};

runtime::runtime() {
  const posix::blocked_signals for_the_threads;
  threads_ = std::make_unique<threads>();
}

runtime::~runtime() {
  // A running operation counts as outstanding work of `io` while a step of it is on `work`, so `io` ends last of all
  // operations and nothing is left for `work` then.
  threads_->io.join();
  threads_->work.join();
}

boost::asio::any_io_executor runtime::io() const noexcept {
  return threads_->io.get_executor();
}
boost::asio::any_io_executor runtime::work() const noexcept {
  return threads_->work.get_executor();
}

}  // namespace reinstate
