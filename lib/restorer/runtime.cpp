// SPDX-License-Identifier: BSL-1.0
#include "posix/blocked_signals.hpp"

#include <reinstate/runtime.hpp>

#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <thread>

namespace reinstate {
namespace {

// Returns the size of the pool. One thread makes the pages, the others seal and open them: more than a few would wait
// for that thread.
std::size_t worker_count() noexcept {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

}  // namespace

struct runtime::threads {
  boost::asio::thread_pool work{worker_count()};
  boost::asio::thread_pool io{1};
};

runtime::runtime() {
  const posix::blocked_signals blocked;  // in the threads started here
  threads_ = std::make_unique<threads>();
}

runtime::~runtime() {
  // A running operation counts as outstanding work of `io` while one of its steps is on `work`, so no step is left on
  // `work` when `io` has ended.
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
