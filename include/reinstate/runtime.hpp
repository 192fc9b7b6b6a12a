// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RUNTIME_HPP
#define REINSTATE_RUNTIME_HPP

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace reinstate {

// Threads for callers that have none: one for events and completions, and for the work one per core, at most four.
//
// The rest of the library starts no thread. Who has executors of his own needs no runtime.
//
// Lifetime: the destructor lets what was started run to its end and joins the threads. Destroy restorers first, so
// that what still runs is canceled; never destroy a runtime from one of its own threads.
// Thread safety: any function from any thread, except the destructor.
class runtime {
 public:
  // Throws std::system_error where no thread can be started, std::bad_alloc.
  runtime();
  ~runtime();
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  boost::asio::any_io_executor io() const noexcept;
  boost::asio::any_io_executor work() const noexcept;

 private:
  struct threads;
  std::unique_ptr<threads> threads_;
};

}  // namespace reinstate

#endif
