// SPDX-License-Identifier: BSL-1.0
#include "machine.hpp"

#include <boost/version.hpp>

#include <cstdio>
#include <string>

#include <sodium.h>
#include <sqlite3.h>

namespace bench {
namespace {

#ifdef __clang__
constexpr const char* compiler = __VERSION__;  // has its name in it
#else
constexpr const char* compiler = "g++ " __VERSION__;
#endif

// The first line that a command prints; empty where there is none.
std::string line_of(const std::string& command) {
  std::string out;
  FILE* const pipe = ::popen(("(" + command + ") 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return out;
  for (int c = std::fgetc(pipe); c != EOF && c != '\n'; c = std::fgetc(pipe)) out.push_back(static_cast<char>(c));
  while (std::fgetc(pipe) != EOF) {
  }
  ::pclose(pipe);
  return out;
}

}  // namespace

nlohmann::json describe_machine(const std::filesystem::path& folder) {
  nlohmann::json out = {
      {"processor", line_of("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1")},
      {"cores", line_of("nproc")},
      {"memory", line_of("awk '/MemTotal/ { printf \"%.0f GiB\", $2 / 1048576 }' /proc/meminfo")},
      {"system", line_of(". /etc/os-release && echo \"$PRETTY_NAME, Linux $(uname -r)\"")},
      {"disk", line_of("findmnt --noheadings --output FSTYPE,SOURCE --target '" + folder.string() + "'")},
      {"compiler", compiler},
      {"libraries", "libsodium " + std::string(sodium_version_string()) + ", SQLite " + sqlite3_libversion() +
                        ", Boost " + BOOST_LIB_VERSION},
  };
  nlohmann::json programs = nlohmann::json::object();
  for (const auto& [name, asking] : {std::pair("age", "age --version"), std::pair("tar", "tar --version"),
                                     std::pair("sqlite3", "sqlite3 --version | cut -d' ' -f1"),
                                     std::pair("restic", "restic version"), std::pair("borg", "borg --version")})
    programs[name] = line_of(asking);
  out["programs"] = programs;
  return out;
}

}  // namespace bench
