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

// Opens the medium under test: at one and the same place however often one check calls it, at a new and empty place
// for the next check.
using medium_opener = std::function<result<std::unique_ptr<backup_medium>>()>;

// One promise of backup_medium. `run` throws contract_violation where it is not kept.
struct backup_medium_check {
  std::string_view promise;
  void (*run)(const medium_opener& open);
};

// Everything backup_medium promises that can be seen from outside; surviving a power cut cannot. With any test
// framework:
//
//     for (const auto& check : reinstate::testing::backup_medium_contract()) {
//       auto files = std::make_shared<reinstate::memory_files>();
//       check.run([&] { return reinstate::make_memory_medium(files); });
//     }
//
// Takes some 10 MB of room on the medium.
std::span<const backup_medium_check> backup_medium_contract() noexcept;

}  // namespace reinstate::testing

#endif
