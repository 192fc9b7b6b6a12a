// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_INTERRUPT_HPP
#define REINSTATE_TOOL_INTERRUPT_HPP

#include <array>
#include <csignal>

namespace tool {

// Wakes a thread that waits for the keyboard when the user presses Ctrl-C. Uses a pipe, so that the thread can wait for
// both.
// Thread safety: any function from any thread.
class interrupt {
 public:
  interrupt();  // throws std::system_error
  ~interrupt();
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;

  void request() noexcept;

  // Waits until `fd` can be read. Returns false if an interrupt was requested, before or during the wait.
  bool wait_readable(int fd) const noexcept;

 private:
  std::array<int, 2> pipe_{};
};

// For its lifetime, makes Ctrl-C and similar signals request an interrupt instead of ending the program, so that the
// echo of the terminal is restored. At most one object may exist at a time.
class interrupt_signals {
 public:
  explicit interrupt_signals(interrupt& target);
  ~interrupt_signals();
  interrupt_signals(const interrupt_signals&) = delete;
  interrupt_signals& operator=(const interrupt_signals&) = delete;

 private:
  std::array<struct sigaction, 4> before_{};
};

}  // namespace tool

#endif
