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

// Makes the ledger under test: a new and empty one, every time it is called.
using ledger_factory = std::function<result<std::unique_ptr<ledger>>()>;

// One promise of ledger. `run` throws contract_violation where it is not kept.
struct ledger_check {
  std::string_view promise;
  void (*run)(const ledger_factory& make);
};

// Everything ledger promises that can be seen from outside; surviving a power cut cannot. With any test framework:
//
//     for (const auto& check : reinstate::testing::ledger_contract())
//       check.run([] { return reinstate::make_memory_ledger(); });
//
// Starts ten short-lived threads, to see who gets the last place of a license. Part of the library only where it was
// built with the License Management Service.
std::span<const ledger_check> ledger_contract() noexcept;

}  // namespace reinstate::testing

#endif
