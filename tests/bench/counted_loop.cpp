// SPDX-License-Identifier: BSL-1.0
// counted_loop                       prints what its counts depend on, and the names of the loops
// counted_loop NAME FOLDER COUNT     runs one of them over COUNT licenses, for count_instructions.py
#include "hot_loops.hpp"

#include <boost/version.hpp>

#include <exception>
#include <iostream>

#include <gnu/libc-version.h>
#include <sodium.h>
#include <sqlite3.h>

// Instructions are counted from where this is entered until it is left.
extern "C" [[gnu::noinline]] void counted(const std::function<void()>& loop) {
  loop();
}

namespace {

void describe() {
  std::cout << "compiler\t" __VERSION__ "\nflags\t" REINSTATE_FLAGS "\nboost\t" BOOST_LIB_VERSION "\nlibsodium\t"
            << sodium_version_string() << "\nlibc\t" << gnu_get_libc_version() << "\nsqlite\t" << sqlite3_sourceid()
            << '\n';
  for (const auto& [name, loop] : bench::hot_loops()) std::cout << "loop\t" << name << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 4)
      counted(bench::hot_loops().at(argv[1])(argv[2], std::stoul(argv[3])));
    else
      describe();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "counted_loop: " << error.what() << '\n';
    return 1;
  }
}
