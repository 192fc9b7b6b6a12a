// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/testing/ledger_suite.hpp>

using namespace reinstate;

TEST_CASE("the memory ledger keeps the contract of ledgers", "[ledger]") {
  for (const auto& check : testing::ledger_contract()) {
    DYNAMIC_SECTION(check.promise) {
      CHECK_NOTHROW(check.run([] { return make_memory_ledger(); }));
    }
  }
}
