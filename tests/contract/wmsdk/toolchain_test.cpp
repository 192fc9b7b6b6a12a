// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <wmsdk.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

// What holds before anything runs, asked of compilers and of nm. A program that is missing is a failure.

namespace {

const std::filesystem::path tests = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();

std::string quoted(const std::filesystem::path& path) {
  return " '" + path.string() + "'";
}

bool succeeds(const std::string& command) {
  UNSCOPED_INFO(command);
  return std::system(command.c_str()) == 0;
}

}  // namespace

TEST_CASE("callers compile beside the headers of mingw-w64, which come first or last", "[wmsdk][C130]") {
  const std::string architecture = GENERATE("x86_64", "i686");
  const auto& [compiler, caller] = GENERATE(table<std::string, std::string>({
      {"gcc", "caller.c"},
      {"g++", "caller.cpp"},
  }));
  const std::string ours = " -include wmsdk.h";
  const std::string theirs = " -include wmsdkidl.h -include nserror.h -include drmexternals.h";
  const std::string headers = GENERATE_COPY(ours + theirs, theirs + ours);
  CHECK(succeeds(architecture + "-w64-mingw32-" + compiler +
                 "-posix -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Werror" + " -DCOBJMACROS -I" +
                 quoted(tests.parent_path() / "include/reinstate/wmsdk").substr(1) + headers +
                 quoted(tests / "wmsdk" / caller)));
}

#if __has_include(<dlfcn.h>)
TEST_CASE("the library has nothing to start a program with", "[wmsdk][C99]") {
  Dl_info library = {};
  REQUIRE(dladdr(dlsym(RTLD_DEFAULT, "WMCreateBackupRestorer"), &library) != 0);
  CHECK(succeeds("bash" + quoted(tests / "wmsdk/symbols.sh") + " imports" + quoted(library.dli_fname)));
}
#endif
