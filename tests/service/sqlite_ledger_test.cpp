// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "temporary_directory.hpp"

#include <reinstate/testing/ledger_suite.hpp>

using namespace reinstate;
using tests::temporary_directory;

TEST_CASE("the SQLite ledger keeps the contract of ledgers", "[ledger]") {
  for (const auto& check : testing::ledger_contract()) {
    DYNAMIC_SECTION(check.promise) {
      const temporary_directory folder(temporary_directory::in_memory());
      int made = 0;
      CHECK_NOTHROW(check.run([&] { return open_sqlite_ledger(folder.path() / std::to_string(made++)); }));
    }
  }
}
