// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_SELF_ENDING_THREAD_HPP
#define REINSTATE_WMSDK_SELF_ENDING_THREAD_HPP

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace reinstate::wmsdk {

// A thread that runs what is posted to it. It ends by itself when this is gone and everything has run.
//
// Unlike a reinstate::runtime it is never waited for: the last Release of an object must return at once, also from a
// callback, which is on this very thread. That is safe because the library is never unloaded (-z nodelete).
//
// Thread safety: any function from any thread.
class self_ending_thread {
 public:
  // Throws std::system_error where no thread can be started, std::bad_alloc.
  self_ending_thread();

  // Calls task(argument) later. Throws std::bad_alloc.
  void post(void (*task)(void*), void* argument);

 private:
  std::shared_ptr<boost::asio::io_context> context_;  // outlives the guard: ending it still touches the context
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
};

}  // namespace reinstate::wmsdk

#endif
