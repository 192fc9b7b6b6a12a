// SPDX-License-Identifier: BSL-1.0
#include "core/offered_work.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <exception>
#include <new>
#include <utility>

namespace reinstate {

struct offered_work::state {
  enum class stage { offered, begun, done };

  // Whether the work is this thread's to do.
  bool claim() noexcept {
    stage expected = stage::offered;
    return now.compare_exchange_strong(expected, stage::begun);
  }

  void run() noexcept {
    try {
      what();
    } catch (...) {
      thrown = std::current_exception();
    }
    what = nullptr;
    now = stage::done;
    now.notify_all();
  }

  std::function<void()> what;
  std::exception_ptr thrown;
  std::atomic<stage> now{stage::offered};
};

void offered_work::offer(const boost::asio::any_io_executor& to, std::function<void()> what) {
  state_ = std::make_shared<state>();
  state_->what = std::move(what);
  if (!to) return;
  try {
    boost::asio::post(to, [offered = state_] {
      if (offered->claim()) offered->run();
    });
  } catch (const std::bad_alloc&) {
    // Then nobody else does it.
  }
}

void offered_work::finish() {
  const std::shared_ptr<state> offered = std::exchange(state_, nullptr);
  if (!offered) return;
  if (offered->claim()) offered->run();
  offered->now.wait(state::stage::begun);
  if (offered->thrown) std::rethrow_exception(offered->thrown);
}

void offered_work::withdraw() noexcept {
  const std::shared_ptr<state> offered = std::exchange(state_, nullptr);
  if (!offered) return;
  if (offered->claim())
    offered->what = nullptr;
  else
    offered->now.wait(state::stage::begun);
}

}  // namespace reinstate
