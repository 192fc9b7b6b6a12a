// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_LICENSE_STORE_SUITE_HPP
#define REINSTATE_TESTING_LICENSE_STORE_SUITE_HPP

#include <reinstate/license_store.hpp>
#include <reinstate/testing/contract.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace reinstate::testing {

// Makes the store under test: a new and empty one, every time it is called.
using license_store_factory = std::function<result<std::unique_ptr<license_store>>()>;

// One promise of license_store. `run` throws contract_violation where it is not kept.
struct license_store_check {
  std::string_view promise;
  void (*run)(const license_store_factory& make);
};

// Everything license_store promises that can be seen from outside, and note_store where the store has notes; surviving a
// power cut cannot. With any test framework:
//
//     for (const auto& check : reinstate::testing::license_store_contract())
//       check.run([] { return reinstate::make_memory_license_store(); });
//
// Two checks start a short-lived thread: to see whether a second batch is refused or waits, and to write notes from two
// sides. A store where it waits takes a second for that check.
std::span<const license_store_check> license_store_contract() noexcept;

}  // namespace reinstate::testing

#endif
