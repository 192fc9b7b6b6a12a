// SPDX-License-Identifier: BSL-1.0
#include "terminal/confirm.hpp"

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

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  // Discards what was typed before the question was shown.
  void discard_input() const { ::tcflush(fd_, TCIFLUSH); }

  // Reads a line, without its end. Returns an empty line if there is none.
  std::string read_line(const interrupt& stop) const {
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
  return confirm_unless_stopped(text, stop);
}

reinstate::result<void> confirm_unless_stopped(std::string_view text, const interrupt& stop) {
  const terminal screen;
  if (!screen.is_open()) return errc::operation_canceled;
  screen.write(text);
  screen.discard_input();
  screen.write("\nContinue? [y/N] ");
  const std::string answer = screen.read_line(stop);
  for (const std::string_view yes : {"y", "Y", "yes", "Yes", "YES"})
    if (answer == yes) return {};
  screen.write("\n");
  return errc::operation_canceled;
}

}  // namespace tool
