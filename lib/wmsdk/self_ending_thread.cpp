// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/self_ending_thread.hpp"

#include "posix/blocked_signals.hpp"

#include <boost/asio/post.hpp>

#include <thread>

namespace reinstate::wmsdk {

self_ending_thread::self_ending_thread()
    : context_(std::make_shared<boost::asio::io_context>(1)), guard_(context_->get_executor()) {
  const posix::blocked_signals for_the_thread;
  std::thread([context = context_] { context->run(); }).detach();
}

void self_ending_thread::post(void (*task)(void*), void* argument) {
  boost::asio::post(*context_, [task, argument] { task(argument); });
}

}  // namespace reinstate::wmsdk
