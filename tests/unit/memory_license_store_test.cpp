// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/testing/license_store_suite.hpp>

#include <thread>

using namespace reinstate;

TEST_CASE("the memory store keeps the contract of license stores", "[store]") {
  for (const auto& check : testing::license_store_contract()) {
    DYNAMIC_SECTION(check.promise) {
      CHECK_NOTHROW(check.run([] { return make_memory_license_store(); }));
    }
  }
}

TEST_CASE("a memory store is read while another thread writes", "[store]") {
  const auto store = make_memory_license_store();
  license item;
  REQUIRE(put_license(*store, item));

  std::thread writer([&] {
    license changed;
    for (std::uint8_t i = 1; i != 100; ++i) {
      changed.id.bytes[0] = std::byte{i};
      if (!put_license(*store, changed)) return;
    }
  });
  std::uint64_t seen = 0;
  bool grows = true;
  for (int round = 0; round != 100; ++round) {
    const auto cursor = store->open_cursor().value();
    std::uint64_t walked = 0;
    while (cursor->next().value()) ++walked;
    grows = grows && walked >= seen;
    seen = walked;
  }
  writer.join();
  CHECK(grows);
  CHECK(store->describe().value().licenses == 100);
}
