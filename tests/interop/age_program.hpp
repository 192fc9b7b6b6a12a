// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_AGE_PROGRAM_HPP
#define REINSTATE_TESTS_AGE_PROGRAM_HPP

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Running the age program, which takes passphrases from a terminal only.

namespace reinstate::test {

struct program_end {
  bool succeeded = false;
  std::string transcript;  // what it wrote to its terminal
};

// Runs a program on a terminal of its own and gives the answers, one for each prompt, as they are asked for.
inline program_end run_on_terminal(std::vector<std::string> command, std::vector<std::string> answers = {}) {
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("cannot make a terminal");
  if (child == 0) {
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  program_end out;
  std::string unanswered;
  std::size_t next_answer = 0;
  char buffer[1024];
  // Reading fails once the program has ended and closed its side.
  for (ssize_t got; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
    out.transcript.append(buffer, static_cast<std::size_t>(got));
    unanswered.append(buffer, static_cast<std::size_t>(got));
    if (next_answer == answers.size() || unanswered.find("passphrase") == std::string::npos ||
        !unanswered.ends_with(": "))
      continue;
    const std::string line = answers[next_answer++] + "\n";
    if (::write(terminal, line.data(), line.size()) != static_cast<ssize_t>(line.size())) break;
    unanswered.clear();
  }
  ::close(terminal);
  int status = -1;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait for a program");
  out.succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0 && next_answer == answers.size();
  return out;
}

inline program_end run_age(std::vector<std::string> arguments, std::vector<std::string> answers = {}) {
  arguments.insert(arguments.begin(), REINSTATE_AGE);
  return run_on_terminal(std::move(arguments), std::move(answers));
}

inline std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace reinstate::test

#endif
