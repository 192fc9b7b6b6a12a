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

  // Returns true if the work is this thread's to do.
  bool claim() noexcept {
    stage expected = stage::offered;
    return progress.compare_exchange_strong(expected, stage::begun);
  }

  void run() noexcept {
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
    work = nullptr;
    progress = stage::done;
    progress.notify_all();
  }

  std::function<void()> work;
  std::exception_ptr thrown;
  std::atomic<stage> progress{stage::offered};
};

void offered_work::offer(const boost::asio::any_io_executor& executor, std::function<void()> work) {
  state_ = std::make_shared<state>();
  state_->work = std::move(work);
  if (!executor) return;
  try {
    boost::asio::post(executor, [offered = state_] {
      if (offered->claim()) offered->run();
    });
  } catch (const std::bad_alloc&) {
    // Only `finish` does it then.
  }
}

void offered_work::finish() {
  const std::shared_ptr<state> offered = std::exchange(state_, nullptr);
  if (!offered) return;
  if (offered->claim()) offered->run();
  offered->progress.wait(state::stage::begun);
  if (offered->thrown) std::rethrow_exception(offered->thrown);
}

void offered_work::withdraw() noexcept {
  const std::shared_ptr<state> offered = std::exchange(state_, nullptr);
  if (!offered) return;
  if (offered->claim())
    offered->work = nullptr;
  else
    offered->progress.wait(state::stage::begun);
}

}  // namespace reinstate
