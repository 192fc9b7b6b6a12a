// SPDX-License-Identifier: BSL-1.0
#include "secrets/passphrase.hpp"

#include "secrets/secret_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

// Longer than any passphrase: a file with a longer first line was named by mistake.
constexpr std::size_t max_line = 4096;

// Owns an open file. Does not close standard input.
class input {
 public:
  explicit input(int fd) noexcept : fd_(fd) {}
  ~input() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }
  input(const input&) = delete;
  input& operator=(const input&) = delete;
  int fd() const noexcept { return fd_; }
  bool is_open() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

// Switches the echo of a terminal off for its lifetime.
class no_echo {
 public:
  explicit no_echo(int fd) noexcept : fd_(fd) {
    if (::tcgetattr(fd_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL | ICANON;
    quiet.c_cc[VSUSP] = _POSIX_VDISABLE;  // Ctrl-Z would return to the shell without echo
    // Discards what was typed before, since it was echoed.
    is_set_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  ~no_echo() {
    if (is_set_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  no_echo(const no_echo&) = delete;
  no_echo& operator=(const no_echo&) = delete;
  bool is_set() const noexcept { return is_set_; }

 private:
  int fd_;
  termios before_{};
  bool is_set_ = false;
};

// Returns the first line of the first `size` bytes, without the line end.
secret_bytes line_of(const secret_bytes& buffer, std::size_t size) {
  std::string_view line = text_of(buffer).substr(0, size);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return secret_bytes::locked_copy_of(line);
}

// Reads a line directly into locked memory. `stop` may be null.
result<secret_bytes> read_line(int fd, const interrupt* stop) {
  secret_bytes buffer = secret_bytes::locked(max_line);
  std::size_t size = 0;
  while (text_of(buffer).substr(0, size).find('\n') == std::string_view::npos) {
    if (size == max_line) return errc::invalid_argument;
    if (stop != nullptr && !stop->wait_readable(fd)) return errc::operation_canceled;
    const ssize_t got = ::read(fd, buffer.expose_writable().data() + size, max_line - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errc::path_not_accessible;
    if (got == 0 && size == 0 && stop != nullptr) return errc::operation_canceled;  // Ctrl-D
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return line_of(buffer, size);
}

void write_text(int fd, std::string_view text) {
  [[maybe_unused]] const auto written = ::write(fd, text.data(), text.size());
}

result<secret_bytes> ask_once(int terminal, std::string_view prompt, const interrupt& stop) {
  write_text(terminal, prompt);
  auto line = read_line(terminal, &stop);
  if (!line) write_text(terminal, "\n");
  return line;
}

result<secret_bytes> ask_new(int terminal, const interrupt& stop) {
  while (true) {
    auto once = ask_once(terminal, "Choose a passphrase for this backup (not shown): ", stop);
    if (!once || once->empty()) return once;
    auto again = ask_once(terminal, "Repeat the passphrase: ", stop);
    if (!again || *once == *again) return again;
    write_text(terminal, "The passphrases are not the same.\n");
  }
}

}  // namespace

result<secret_bytes> read_secret_line(const std::string& file) {
  const input source(file == "-" ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.is_open()) return errno == ENOENT ? errc::path_not_found : errc::path_not_accessible;
  return read_line(source.fd(), nullptr);
}

result<std::optional<secret_bytes>> given_passphrase(const std::string& file) {
  if (!file.empty()) {
    auto line = read_secret_line(file);
    if (!line) return line.error();
    return std::optional<secret_bytes>(std::move(*line));
  }
  char* value = std::getenv("REINSTATE_PASSPHRASE");
  if (value == nullptr || *value == '\0') return std::optional<secret_bytes>();
  const std::size_t size = std::strlen(value);
  auto secret = secret_bytes::locked_copy_of(std::string_view(value, size));
  std::fill_n(static_cast<volatile char*>(value), size, '\0');  // or /proc/PID/environ would show it
  return std::optional<secret_bytes>(std::move(secret));
}

result<secret_bytes> read_identity(const std::filesystem::path& file) {
  const input source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.is_open()) return errno == ENOENT ? errc::path_not_found : errc::path_not_accessible;
  secret_bytes buffer = secret_bytes::locked(max_line);
  const auto size = read_into(source.fd(), buffer.expose_writable());
  if (!size) return size.error();
  if (*size == max_line) return errc::invalid_argument;  // too long for an identity file
  const std::string_view text = text_of(buffer).substr(0, *size);
  const std::size_t key = text.find("AGE-SECRET-KEY-1");
  if (key == std::string_view::npos) return errc::no_key_for_backup;
  return secret_bytes::locked_copy_of(text.substr(key, text.find_first_of("\r\n", key) - key));
}

result<secret_bytes> ask_passphrase(passphrase_purpose purpose, const interrupt& stop) {
  const input terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.is_open()) return errc::passphrase_required;
  const no_echo quiet(terminal.fd());
  if (!quiet.is_set()) return errc::passphrase_required;
  if (purpose == passphrase_purpose::protect) return ask_new(terminal.fd(), stop);
  if (purpose == passphrase_purpose::identity)
    return ask_once(terminal.fd(), "Age identity that opens this backup, AGE-SECRET-KEY-1... (not shown): ", stop);
  return ask_once(terminal.fd(), "Passphrase or recovery code of this backup (not shown): ", stop);
}

}  // namespace tool
