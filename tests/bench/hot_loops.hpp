// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_HOT_LOOPS_HPP
#define REINSTATE_BENCH_HOT_LOOPS_HPP

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

// What every license goes through, each part of it alone and in one thread, so that its instructions can be counted and
// its time measured.
namespace bench {

// Prepares a loop over so many licenses, with files in `folder`; what it returns runs the loop, as often as it is
// called.
using hot_loop = std::function<std::function<void()>(const std::filesystem::path& folder, std::size_t licenses)>;

const std::map<std::string, hot_loop>& hot_loops();

}  // namespace bench

#endif
