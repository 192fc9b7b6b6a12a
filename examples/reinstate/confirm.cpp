// SPDX-License-Identifier: BSL-1.0
#include "confirm.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace tool {
namespace {

using reinstate::errc;

class terminal {
 public:
  terminal() noexcept : fd_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {}
  ~terminal() {
    if (is_open()) ::close(fd_);
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  bool is_open() const noexcept { return fd_ >= 0; }

  void say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  // What was typed before the question was shown answers nothing.
  void forget_what_was_typed() const { ::tcflush(fd_, TCIFLUSH); }

  // One line without its end; empty where there is none.
  std::string ask(const interrupt& stop) const {
    std::string line;
    char letter = 0;
    while (stop.wait_readable(fd_)) {
      const ssize_t got = ::read(fd_, &letter, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return {};
      if (letter == '\n') return line;
      line += letter;
    }
    return {};
  }

 private:
  int fd_;
};

}  // namespace

bool can_confirm() {
  return terminal().is_open();
}

reinstate::result<void> confirm(std::string_view text, interrupt& stop) {
  const interrupt_signals watched(stop);
  return ask_to_go_on(text, stop);
}

reinstate::result<void> ask_to_go_on(std::string_view text, const interrupt& stop) {
  const terminal there;
  if (!there.is_open()) return errc::operation_canceled;
  there.say(text);
  there.forget_what_was_typed();
  there.say("\nGo on? [y/N] ");
  const std::string answer = there.ask(stop);
  for (const std::string_view yes : {"y", "Y", "yes", "Yes", "YES"})
    if (answer == yes) return {};
  there.say("\n");
  return errc::operation_canceled;
}

}  // namespace tool
