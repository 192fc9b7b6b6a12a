// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/stepped_executors.hpp>

namespace reinstate::testing {

bool stepped_executors::step(boost::asio::io_context& context) {
  context.restart();  // a context stops when it runs out of handlers
  return context.poll_one() != 0;
}

std::size_t stepped_executors::run_until_idle() {
  std::size_t steps = 0;
  while (step_io() || step_work()) ++steps;
  return steps;
}

}  // namespace reinstate::testing
