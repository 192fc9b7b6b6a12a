// SPDX-License-Identifier: BSL-1.0
#include "terminal/interrupt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace tool {

interrupt::interrupt() {
  if (::pipe(pipe_.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int fd : pipe_) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

interrupt::~interrupt() {
  for (const int fd : pipe_) ::close(fd);
}

void interrupt::request() noexcept {
  // One byte is enough, as it is never read: an interrupt cannot be taken back.
  const char byte = 0;
  [[maybe_unused]] const auto written = ::write(pipe_[1], &byte, 1);
}

namespace {

constexpr std::array<int, 4> signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
std::atomic<interrupt*> signaled = nullptr;  // the handler has no other way to reach it

extern "C" void request_interrupt(int) {
  signaled.load()->request();
}

}  // namespace

interrupt_signals::interrupt_signals(interrupt& target) {
  signaled = &target;
  struct sigaction action {};
  action.sa_handler = request_interrupt;
  for (std::size_t i = 0; i != signals.size(); ++i) ::sigaction(signals[i], &action, &before_[i]);
}

interrupt_signals::~interrupt_signals() {
  for (std::size_t i = 0; i != signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
}

bool interrupt::wait_readable(int fd) const noexcept {
  std::array<pollfd, 2> wait = {pollfd{pipe_[0], POLLIN, 0}, pollfd{fd, POLLIN, 0}};
  while (::poll(wait.data(), wait.size(), -1) < 0)
    if (errno != EINTR) return true;  // the read that follows reports the error
  return wait[0].revents == 0;
}

}  // namespace tool
