// SPDX-License-Identifier: BSL-1.0
#include "command_line/command_line.hpp"
#include "output/output.hpp"

#include <csignal>
#include <exception>
#include <new>

namespace tool {
namespace {

exit_code parse_and_run(int argc, char** argv) {
  command_context context;
  if (const auto ended = parse_command_line(argc, argv, context)) return *ended;
  output out(context.common.json, context.common.quiet);
  const exit_code code = context.action(out);
  if (!out.has_failed()) return code;
  print_error("The output could not be written.", "Check the disk or the program that reads it.", "");
  return exit_failed;
}

}  // namespace
}  // namespace tool

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // writing to a closed pipe fails, and the operation runs to its end
  std::signal(SIGXFSZ, SIG_IGN);  // exceeding the file size limit is reported as a full disk
  try {
    return tool::parse_and_run(argc, argv);
  } catch (const std::bad_alloc&) {
    tool::print_error("There is not enough memory.", "Close other programs and try again.", "");
  } catch (const std::exception& error) {
    tool::print_error(error.what(), "", "");
  }
  return tool::exit_failed;
}
