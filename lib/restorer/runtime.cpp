// SPDX-License-Identifier: BSL-1.0
#include "posix/blocked_signals.hpp"

#include <reinstate/runtime.hpp>

#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <thread>

namespace reinstate {
namespace {

// One thread makes pages and keeps order, the others seal and open: more than a few would wait for it.
std::size_t workers() noexcept {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

}  // namespace

struct runtime::threads {
  boost::asio::thread_pool work{workers()};
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
