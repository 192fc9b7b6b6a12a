// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_POSTING_EXECUTOR_HPP
#define REINSTATE_WMSDK_POSTING_EXECUTOR_HPP

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace reinstate::wmsdk {

// An executor over any function that posts a task: an application's message loop, or a thread of the library.
//
// Does not guarantee: use with a strand. Its last copy owns the services of its context, and the strand of Boost 1.81
// releases that copy before it has finished.
class posting_executor {
 public:
  // Calls task(argument) once, later, and never from inside the call. The last copy of the executor destroys it.
  using post_function = std::function<void(void (*task)(void*), void* argument)>;

  explicit posting_executor(post_function post) : target_(std::make_shared<target>(std::move(post))) {}

  template <class Function>
  void execute(Function&& function) const {
    using task = std::decay_t<Function>;
    auto owned = std::make_unique<task>(std::forward<Function>(function));
    target_->post(
        [](void* argument) {
          const std::unique_ptr<task> received(static_cast<task*>(argument));
          std::move (*received)();
        },
        owned.get());
    static_cast<void>(owned.release());  // the posted task owns it now
  }

  // The properties that Asio requires: a context for its services, and never running a function inside `execute`.
  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept { return *target_; }
  static constexpr boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }

  friend bool operator==(const posting_executor&, const posting_executor&) noexcept = default;

 private:
  struct target : boost::asio::execution_context {
    explicit target(post_function function) : post(std::move(function)) {}
    const post_function post;
  };

  std::shared_ptr<target> target_;
};

}  // namespace reinstate::wmsdk

#endif
