// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_RUNTIME_HPP
#define REINSTATE_RUNTIME_HPP

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace reinstate {

// Threads for callers that have none: one for events and completions, and one worker per core, at most four.
//
// The rest of the library starts no thread. A caller with executors of its own needs no runtime.
//
// Lifetime: the destructor runs everything that was started to its end and joins the threads. Destroy restorers first,
// so that running operations are canceled; never destroy a runtime from one of its own threads.
// Thread safety: any function from any thread, except the destructor.
class runtime {
 public:
  // Throws std::system_error if a thread cannot be started, std::bad_alloc.
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
