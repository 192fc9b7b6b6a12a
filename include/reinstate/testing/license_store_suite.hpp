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

// Makes the store under test: a new and empty one on every call.
using license_store_factory = std::function<result<std::unique_ptr<license_store>>()>;

// A requirement of license_store. `run` throws contract_violation if it is not met.
struct license_store_check {
  std::string_view promise;
  void (*run)(const license_store_factory& make);
};

// Returns a check for each requirement of license_store that is observable from outside, and of note_store if the store
// has notes; this excludes surviving a power failure. With any test framework:
//
//     for (const auto& check : reinstate::testing::license_store_contract())
//       check.run([] { return reinstate::make_memory_license_store(); });
//
// Two checks start a short-lived thread: one begins a second batch, which must be refused or wait, the other writes
// notes concurrently. If the store waits, the first of them takes a second.
std::span<const license_store_check> license_store_contract() noexcept;

}  // namespace reinstate::testing

#endif
