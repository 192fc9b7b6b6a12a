// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_SQLITE_STORE_FIXTURE_HPP
#define REINSTATE_TESTS_SQLITE_STORE_FIXTURE_HPP

#include "catch.hpp"
#include "sqlite/sqlite.hpp"
#include "temporary_directory.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace reinstate::tests {

inline std::shared_ptr<machine_identity> new_machine() {
  std::shared_ptr<machine_identity> machine = make_memory_machine_identity();
  REQUIRE(machine->individualize());
  return machine;
}

inline license license_of(std::uint8_t first, std::size_t payload_size = 500) {
  license item;
  item.id.bytes[0] = std::byte{first};
  item.key.bytes.fill(std::byte{first});
  item.title = "Title";
  item.rights.backup = backup_right::granted;
  item.state.uses_left = 3;
  item.payload = secret_bytes::copy_of(std::vector<std::byte>(payload_size, std::byte{0x5a}));
  return item;
}

inline void put_into(write_batch& batch, const license& item) {
  REQUIRE(batch.put(as_record(item, pack_metadata(item))));
}

// A store in a folder of its own.
struct sqlite_store_fixture {
  temporary_directory folder;
  std::filesystem::path file = folder.path() / "licenses.db";
  std::shared_ptr<machine_identity> machine = new_machine();

  std::unique_ptr<license_store> open() const { return open_sqlite_license_store(file, machine).value(); }

  // With licenses 1 to `licenses`, all of one batch.
  std::unique_ptr<license_store> open_with(std::uint8_t licenses) const {
    auto store = open();
    if (licenses == 0) return store;
    const auto batch = store->begin_batch().value();
    for (std::uint8_t i = 1; i <= licenses; ++i) put_into(*batch, license_of(i));
    REQUIRE(batch->commit());
    return store;
  }

  error_code open_error() const { return open_sqlite_license_store(file, machine).error(); }

  // What somebody does with a tool of his own.
  void edit(const std::string& sql) const {
    auto database = sqlite::database::open(file).value();
    REQUIRE(database.execute(sql.c_str()).has_value());
  }
  std::int64_t ask(const std::string& sql) const {
    return sqlite::database::open(file).value().integer(sql.c_str()).value();
  }
};

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_to(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

inline std::uint64_t walk(license_store& store) {
  const auto cursor = store.open_cursor().value();
  std::uint64_t steps = 0;
  while (cursor->next().value()) ++steps;
  return steps;
}

}  // namespace reinstate::tests

#endif
