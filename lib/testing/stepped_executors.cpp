// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/stepped_executors.hpp>

namespace reinstate::testing {

bool stepped_executors::step(boost::asio::io_context& context) {
  context.restart();  // it stops whenever it has run dry
  return context.poll_one() != 0;
}

std::size_t stepped_executors::run_until_idle() {
  std::size_t steps = 0;
  while (step_io() || step_work()) ++steps;
  return steps;
}

}  // namespace reinstate::testing
