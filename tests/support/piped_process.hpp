// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_PIPED_PROCESS_HPP
#define REINSTATE_TESTS_PIPED_PROCESS_HPP

#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reinstate::tests {

// A process whose standard input stays open for as long as this lives, and whose output is read line by line. Killed
// where nobody has waited for it.
class piped_process {
 public:
  // `prepare` is called in the new process before it becomes `command`; false: it must not.
  explicit piped_process(const std::vector<std::string>& command, const std::function<bool()>& prepare = {}) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> arguments;
    for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ == -1) throw std::runtime_error("no process");
    if (process_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      if (!prepare || prepare()) ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_.reset(::fdopen(in[1], "w"));
    output_.reset(::fdopen(out[0], "r"));
  }
  ~piped_process() {
    if (process_ != -1) static_cast<void>(kill());
  }
  piped_process(const piped_process&) = delete;
  piped_process& operator=(const piped_process&) = delete;

  // The next line with its end, what there is before the end, or nothing.
  std::string line() {
    std::array<char, 200> text{};
    if (std::fgets(text.data(), text.size(), output_.get()) == nullptr) return {};
    return text.data();
  }

  pid_t id() const noexcept { return process_; }

  int kill() {
    ::kill(process_, SIGKILL);
    return wait();
  }
  // What it ended with, as waitpid tells it.
  int wait(rusage* used = nullptr) {
    int status = 0;
    ::wait4(std::exchange(process_, -1), &status, 0, used);
    return status;
  }
  void end_input() { input_.reset(); }

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  pid_t process_ = -1;
  std::unique_ptr<std::FILE, closer> input_, output_;
};

}  // namespace reinstate::tests

#endif
