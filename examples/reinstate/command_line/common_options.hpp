// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_COMMON_OPTIONS_HPP
#define REINSTATE_TOOL_COMMON_OPTIONS_HPP

#include <filesystem>
#include <string>

namespace tool {

// The options that every command takes.
struct common_options {
  std::filesystem::path home;
  bool json = false;
  bool quiet = false;
  std::string passphrase_file;  // empty: not given; "-": standard input
};

}  // namespace tool

#endif
