// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_CHILD_HPP
#define REINSTATE_BENCH_CHILD_HPP

#include <filesystem>
#include <string>
#include <vector>

// Whatever is measured is a process of its own.
namespace bench {

struct usage {
  double seconds = 0;      // from its start until it was gone
  double cpu_seconds = 0;  // its own and its children's
  double peak_mib = 0;     // of the largest process in it
  double others = 0;       // what other processes took of the machine meanwhile: 0 to 1
};

using command = std::vector<std::string>;

command in_shell(const std::string& text);

// Runs a command and throws where it fails. Its output goes to `output`.
usage run(const command& what, bool on_one_core = false, const std::filesystem::path& output = "/dev/null");

// Writes everything back, so that nothing of it is left to whatever is measured next.
void settle();

// Waits until the processors have been nearly idle for a moment, at most so long.
void wait_until_quiet(double seconds);

// Reads files, or all files in folders, so that they are in the page cache.
void warm(const std::vector<std::filesystem::path>& what);

// Empties the page cache. False where that is not permitted.
bool drop_caches();

// The bytes of all files in a folder.
std::uintmax_t bytes_in(const std::filesystem::path& folder);

}  // namespace bench

#endif
