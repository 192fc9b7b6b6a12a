// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_BACKUP_MEDIUM_SUITE_HPP
#define REINSTATE_TESTING_BACKUP_MEDIUM_SUITE_HPP

#include <reinstate/backup_medium.hpp>
#include <reinstate/testing/contract.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace reinstate::testing {

// Opens the medium under test: the same location on every call within one check, a new and empty one for the next
// check.
using medium_opener = std::function<result<std::unique_ptr<backup_medium>>()>;

// A requirement of backup_medium. `run` throws contract_violation if it is not met.
struct backup_medium_check {
  std::string_view promise;
  void (*run)(const medium_opener& open);
};

// Returns a check for each requirement of backup_medium that is observable from outside, which excludes surviving a
// power failure. With any test framework:
//
//     for (const auto& check : reinstate::testing::backup_medium_contract()) {
//       auto files = std::make_shared<reinstate::memory_files>();
//       check.run([&] { return reinstate::make_memory_medium(files); });
//     }
//
// Needs about 10 MB of space on the medium.
std::span<const backup_medium_check> backup_medium_contract() noexcept;

}  // namespace reinstate::testing

#endif
