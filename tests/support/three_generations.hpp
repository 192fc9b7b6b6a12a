// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_THREE_GENERATIONS_HPP
#define REINSTATE_TESTS_THREE_GENERATIONS_HPP

#include "asked.hpp"
#include "catch.hpp"
#include "format/archive/archive_page.hpp"
#include "format/archive/archive_record.hpp"
#include "format/archive/archive_set.hpp"
#include "license/metadata.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// A backup in three generations that build on each other, and what each of them holds.

namespace reinstate::test {

struct three_generations {
  // What a generation says of a license, and on which page of its only volume.
  struct said {
    std::optional<license> item;  // nothing for a removal
    std::size_t page = 0;
  };

  machine owner;
  shared_files stick = std::make_shared<memory_files>();
  std::array<std::map<license_id, said>, 4> says;      // by generation, from 1
  std::array<std::map<license_id, license>, 4> holds;  // what a restore of each generation gives

  // Licenses of even numbers may be used so many times, and two fit in a page.
  static license made(unsigned number) {
    license item = make_license(number, 30'000);
    if (number % 2 == 0) item.state.uses_left = 20;
    return item;
  }

  static void play(license& item) {
    if (item.state.uses_left) --*item.state.uses_left;
    item.title += " played";
  }

  three_generations() {
    individualized(owner);
    for (unsigned i = 0; i != 12; ++i) owner.put(made(i));
    write(1);
    for (const unsigned i : {2u, 3u, 4u}) edit(*owner.store, i, play);
    remove(*owner.store, 5);
    remove(*owner.store, 8);
    for (const unsigned i : {12u, 13u}) owner.put(made(i));
    write(2);
    for (const unsigned i : {2u, 6u, 7u}) edit(*owner.store, i, play);
    remove(*owner.store, 9);
    remove(*owner.store, 12);
    for (const unsigned i : {5u, 14u, 15u}) owner.put(made(i));  // 5 is there again
    write(3);
  }

  // Every file of the backup.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, content] : *stick) out.push_back(name);
    return out;
  }

  // Where chunk number `at` begins in a license file or index.
  static std::size_t chunk_at(const std::vector<std::byte>& file, std::size_t at) {
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    const std::size_t header = text.find('\n', text.find("\n--- ") + 1) + 1;
    return header + age::payload_nonce_size + at * age::sealed_chunk_size;
  }

 private:
  void write(unsigned generation) {
    const ended done = ask(owner, stick, backup_options{.flags = backup_flags::update});
    REQUIRE(!done.error);
    REQUIRE(done.report.generation == generation);
    holds[generation] = contents(*owner.store);
    describe(generation);
  }

  void describe(unsigned generation) {
    std::map<license_id, said>& now = says[generation];
    for (const auto& [id, item] : contents(*owner.store)) {
      const auto before = holds[generation - 1].find(id);
      if (before == holds[generation - 1].end() || before->second.revision != item.revision)
        now[id].item = *owner.store->find(id);
    }
    for (const auto& [id, item] : holds[generation - 1])
      if (!holds[generation].contains(id)) now[id] = {};
    std::size_t page = 0, used = 200;  // the header of the volume takes less
    for (auto& [id, what] : now) {
      const std::size_t size = what.item ? record_size(*what.item) : 30;
      if (used + size > archive::page_size) {
        ++page;
        used = 0;
      }
      used += size;
      what.page = page;
    }
  }

  static std::size_t record_size(const license& item) {
    const std::vector<std::byte> metadata = pack_metadata(item);
    return archive::encoded_size(as_record(item, metadata));
  }
};

}  // namespace reinstate::test

#endif
