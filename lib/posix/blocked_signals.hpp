// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_POSIX_BLOCKED_SIGNALS_HPP
#define REINSTATE_POSIX_BLOCKED_SIGNALS_HPP

#include <csignal>

namespace reinstate::posix {

// Blocks all signals in this thread during its lifetime. Threads started meanwhile keep them blocked, so that the
// application's signals are handled on the application's threads.
class blocked_signals {
 public:
  blocked_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &previous_);
  }
  ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

 private:
  sigset_t previous_;
};

}  // namespace reinstate::posix

#endif
