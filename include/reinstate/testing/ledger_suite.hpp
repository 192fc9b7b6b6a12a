// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_LEDGER_SUITE_HPP
#define REINSTATE_TESTING_LEDGER_SUITE_HPP

#include <reinstate/service/ledger.hpp>
#include <reinstate/testing/contract.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace reinstate::testing {

// Makes the ledger under test: a new and empty one on every call.
using ledger_factory = std::function<result<std::unique_ptr<ledger>>()>;

// A requirement of ledger. `run` throws contract_violation if it is not met.
struct ledger_check {
  std::string_view promise;
  void (*run)(const ledger_factory& make);
};

// Returns a check for each requirement of ledger that is observable from outside, which excludes surviving a power
// failure. With any test framework:
//
//     for (const auto& check : reinstate::testing::ledger_contract())
//       check.run([] { return reinstate::make_memory_ledger(); });
//
// One check starts ten short-lived threads that compete for the last machine slot of a license. Part of the library
// only if it was built with the License Management Service.
std::span<const ledger_check> ledger_contract() noexcept;

}  // namespace reinstate::testing

#endif
