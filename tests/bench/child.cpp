// SPDX-License-Identifier: BSL-1.0
#include "child.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {
namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Seconds that all processors together have spent so far: in programs, and with nothing to do. Time in the kernel is
// left out, since much of it is spent for a process after it has ended.
struct processor_times {
  double programs = 0, idle = 0;
};

processor_times processors() {
  std::ifstream in("/proc/stat");
  std::string name;
  std::array<double, 8> ticks{};  // user, nice, system, idle, iowait, irq, softirq, steal
  in >> name;
  for (double& each : ticks) in >> each;
  const auto per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return {(ticks[0] + ticks[1] + ticks[7]) / per_second, (ticks[3] + ticks[4]) / per_second};
}

[[noreturn]] void become(const command& what, bool on_one_core, const fs::path& output) {
  std::vector<char*> arguments;
  for (const std::string& each : what) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  if (on_one_core) ::sched_setaffinity(0, sizeof first, &first);
  const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(out, STDOUT_FILENO);
  ::execvp(arguments[0], arguments.data());
  std::perror(arguments[0]);
  ::_exit(127);
}

}  // namespace

command in_shell(const std::string& text) {
  return {"bash", "-c", "set -o pipefail; " + text};
}

usage run(const command& what, bool on_one_core, const fs::path& output) {
  const processor_times before = processors();
  const auto begin = steady::now();
  const pid_t child = ::fork();
  if (child == -1) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) become(what, on_one_core, output);
  int status = 0;
  rusage used{};
  if (::wait4(child, &status, 0, &used) != child) throw std::system_error(errno, std::generic_category(), "wait4");
  usage out;
  out.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  if (status != 0) throw std::runtime_error("failed: " + what.back());
  out.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  out.peak_mib = static_cast<double>(used.ru_maxrss) / 1024;
  const double programs = processors().programs - before.programs - seconds_of(used.ru_utime);
  out.others = std::clamp(programs / out.seconds / std::thread::hardware_concurrency(), 0.0, 1.0);
  return out;
}

void settle() {
  ::sync();
}

void wait_until_quiet(double seconds) {
  const auto moment = std::chrono::milliseconds(250);
  const auto end = steady::now() + std::chrono::duration<double>(seconds);
  while (steady::now() < end) {
    const double idle = processors().idle;
    std::this_thread::sleep_for(moment);
    if (processors().idle - idle > 0.88 * 0.25 * std::thread::hardware_concurrency()) return;
  }
}

void warm(const std::vector<fs::path>& what) {
  std::vector<char> buffer(1024 * 1024);
  const auto read = [&](const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))) {
    }
  };
  for (const fs::path& each : what) {
    if (fs::is_regular_file(each)) read(each);
    if (!fs::is_directory(each)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(each))
      if (entry.is_regular_file()) read(entry.path());
  }
}

bool drop_caches() {
  ::sync();
  std::ofstream out("/proc/sys/vm/drop_caches");
  out << "3" << std::flush;
  return out.good();
}

std::uintmax_t bytes_in(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

}  // namespace bench
