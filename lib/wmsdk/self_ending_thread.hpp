// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_SELF_ENDING_THREAD_HPP
#define REINSTATE_WMSDK_SELF_ENDING_THREAD_HPP

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace reinstate::wmsdk {

// A thread that runs the tasks posted to it. It ends by itself after this object is destroyed and every task has run.
//
// Unlike a reinstate::runtime it is never joined: the last Release of an object must return immediately, even from a
// callback on this very thread. That is safe because the library is never unloaded (-z nodelete).
//
// Thread safety: any function from any thread.
class self_ending_thread {
 public:
  // Throws std::system_error if a thread cannot be started, std::bad_alloc.
  self_ending_thread();

  // Calls task(argument) later. Throws std::bad_alloc.
  void post(void (*task)(void*), void* argument);

 private:
  std::shared_ptr<boost::asio::io_context> context_;  // outlives the guard, whose destructor uses the context
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
};

}  // namespace reinstate::wmsdk

#endif
