// SPDX-License-Identifier: BSL-1.0
#include "forged_backup.hpp"
#include "hooked_store.hpp"
#include "player.hpp"
#include "slot_names.hpp"

#include <reinstate/testing/faulty_medium.hpp>

using namespace reinstate;
using namespace reinstate::test;

// What a restore stores, refuses and leaves alone. Order, threads and re-entrancy have files of their own.

TEST_CASE("a restore without a callback is refused and starts nothing", "[C83]") {
  player p(direction::restore);
  CHECK(hresult_of(p.restorer->restore_licenses(restore_flags::none, nullptr)) == hr::invalid_argument);
  CHECK(p.restorer->cancel_license_restore() == cancel_result::nothing_running);
  CHECK(p.executors.run_until_idle() == 0);
  CHECK(contents(*p.store).empty());
}

TEST_CASE("a restore without a path is refused by the call", "[C88]") {
  player p(direction::restore);
  p.restorer->remove_all_props();
  CHECK(hresult_of(p.restorer->restore_licenses(restore_flags::none, deaf_callback())) == hr::invalid_property);
  CHECK(p.executors.run_until_idle() == 0);
}

TEST_CASE("neither path stands in for the other", "[C89]") {
  player p(direction::restore);
  SECTION("only where to write") {
    REQUIRE(p.restorer->remove_prop(restore_path_property));
    CHECK(hresult_of(p.start_restore()) == hr::invalid_property);
  }
  SECTION("only where to read") {
    REQUIRE(p.restorer->remove_prop(backup_path_property));
    CHECK(hresult_of(p.start_backup()) == hr::invalid_property);
  }
  SECTION("both, and each is used for its own") {
    std::vector<std::string> asked;
    p.open([&](const std::string& path) {
      asked.push_back(path);
      return make_memory_medium(p.stick);
    });
    REQUIRE(p.restorer->set_prop(backup_path_property, "written"));
    REQUIRE(p.restorer->set_prop(restore_path_property, "read"));
    CHECK_FALSE(p.restore());
    CHECK(asked == std::vector<std::string>{"read"});
  }
}

TEST_CASE("at a path that does not exist there is no backup", "[C90]") {
  player p;
  p.machine::open([](const std::string&) -> result<std::unique_ptr<backup_medium>> { return errc::path_not_found; });
  CHECK(to_hresult(p.restore()) == hr::backup_corrupt);
}

TEST_CASE("where there is no backup, or not all of it, the restore says so and stores nothing", "[C90]") {
  const player owner(direction::restore);
  other_player p(owner);
  memory_files& files = *p.stick;
  SECTION("nothing at all") {
    files.clear();
  }
  SECTION("files of somebody else") {
    files = {{"holiday.jpg", {std::byte{1}}}};
  }
  SECTION("no manifest") {
    files.erase("000001/manifest");
  }
  SECTION("no licenses") {
    files.erase("000001/licenses-001.age");
  }
  SECTION("no recovery file") {
    files.erase(slot_name(files, passphrase_slot));
  }
  SECTION("an altered manifest") {
    files.at("000001/manifest").front() ^= std::byte{1};
  }
  SECTION("licenses cut short") {
    files.at("000001/licenses-001.age").pop_back();
  }
  SECTION("an altered recovery file") {
    files.at(slot_name(files, passphrase_slot)).back() ^= std::byte{1};
  }
  CHECK(to_hresult(p.restore()) == hr::backup_corrupt);
  CHECK(contents(*p.store).empty());
}

TEST_CASE("a backup made on this machine is restored, and nobody is asked for a passphrase", "[C91][C104]") {
  player p;
  REQUIRE_FALSE(p.backup());
  const auto before = p.store;
  p.store = make_memory_license_store();
  p.open(p.stick);
  const int asked = p.passphrases_asked;
  CHECK_FALSE(p.restore());
  CHECK(p.passphrases_asked == asked);
  CHECK(p.report().licenses_done == licenses_of_a_player);
  CHECK(same_contents(*p.store, *before));
}

TEST_CASE("a backup made on another machine is restored with its passphrase, and with no other", "[C92][C104]") {
  player owner;
  REQUIRE_FALSE(owner.backup());
  CHECK(owner.passphrases_asked == 1);
  other_player p(owner);
  p.passphrase = "incorrect";
  CHECK(p.restore() == errc::wrong_passphrase);
  CHECK(contents(*p.store).empty());
  p.passphrase = owner.passphrase;
  CHECK_FALSE(p.restore());
  CHECK(p.passphrases_asked == 2);
  CHECK(same_contents(*p.store, *owner.store));
}

TEST_CASE("a restore canceled right after the start ends as canceled and stores nothing", "[C105][O10]") {
  player p(direction::restore);
  CHECK(p.restorer->cancel_license_restore() == cancel_result::nothing_running);
  REQUIRE(p.start_restore());
  CHECK(p.restorer->cancel_license_restore() == cancel_result::accepted);
  CHECK(to_hresult(p.finish()) == hr::canceled);
  CHECK(contents(*p.store).empty());
  CHECK(p.restorer->cancel_license_restore() == cancel_result::nothing_running);
}

TEST_CASE("a restore that fails at any call to the store leaves it as it was", "[C106]") {
  for (unsigned at = 0;; ++at) {
    player p(direction::restore);
    p.put(make_license(3, 7));
    p.put(make_license(500));
    const auto inner = p.store, before = std::shared_ptr<license_store>(make_memory_license_store());
    for (const auto& [id, item] : contents(*inner)) REQUIRE(put_license(*before, item));
    unsigned calls = 0;
    p.store = std::make_shared<hooked_store>(
        inner, [&](store_call) { return calls++ == at ? error_code(errc::store_full) : error_code(); });
    p.open(p.stick);
    const error_code error = p.restore();
    INFO("call " << at << ": " << error.message());
    if (calls <= at) {
      CHECK_FALSE(error);
      CHECK(contents(*inner).size() == licenses_of_a_player + 1);
      break;
    }
    CHECK(error == errc::store_full);
    CHECK(same_contents(*inner, *before));
    CHECK(p.report().licenses_done == 0);
  }
}

TEST_CASE("a restore from a medium that fails at any call stores everything or nothing", "[C106]") {
  for (unsigned n = 1;; ++n) {
    player p(direction::restore);
    const auto faults = std::make_shared<testing::medium_faults>();
    faults->fail_at = n;
    p.open([&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return testing::make_faulty_medium(make_memory_medium(p.stick), faults);
    });
    const error_code error = p.restore();
    CHECK(contents(*p.store).size() == (error ? 0 : licenses_of_a_player));
    if (faults->calls < n) {
      CHECK_FALSE(error);
      break;
    }
  }
}

TEST_CASE("a license without the right is not restored even where somebody put it into the backup",
          "[C107][C108][O16]") {
  player p(direction::restore);
  const backup_right right = GENERATE(backup_right::denied, backup_right::managed);
  std::vector<license> items;
  for (unsigned i = 0; i != 3; ++i) items.push_back(make_license(i));
  items[1].rights.backup = right;
  put_into_backup(p.stick, *p.identity, items);

  CHECK(to_hresult(p.restore()) == hr::not_all_stored);
  CHECK(p.statuses() == std::vector{status::begin, status::connecting, status::disconnecting, status::end});
  CHECK(p.report().licenses_done == 2);
  CHECK(p.report().licenses_left_out == 1);
  REQUIRE(p.report().outcomes.size() == 1);
  CHECK(p.report().outcomes[0].id == items[1].id);
  CHECK(p.report().outcomes[0].key == items[1].key);
  CHECK(p.report().outcomes[0].title == "Title 1");
  CHECK(p.report().outcomes[0].reason ==
        (right == backup_right::denied ? errc::backup_right_absent : errc::service_required));
  const auto stored = contents(*p.store);
  CHECK(stored.size() == 2);
  CHECK_FALSE(stored.contains(items[1].id));
}

TEST_CASE("a backup of nothing but licenses without the right stores none of them and says so", "[C107][C108][O16]") {
  player p(direction::restore);
  std::vector<license> items;
  items.push_back(make_license(1));
  items[0].rights.backup = backup_right::denied;
  put_into_backup(p.stick, *p.identity, items);
  CHECK(to_hresult(p.restore()) == hr::not_all_stored);
  CHECK(contents(*p.store).empty());
}

TEST_CASE("restoring twice is the same as once", "[C109]") {
  player owner;
  REQUIRE_FALSE(owner.backup());
  other_player p(owner);
  REQUIRE_FALSE(p.restore());
  REQUIRE_FALSE(p.restore());
  CHECK(p.report().licenses_done == 0);
  CHECK(p.report().licenses_kept == licenses_of_a_player);
  CHECK(same_contents(*p.store, *owner.store));
}

TEST_CASE("the flag of a backup has no effect on a restore", "[C110][O14]") {
  player p(direction::restore);
  license played = make_license(3);
  played.revision = 2;
  played.title = "Played meanwhile";
  p.put(played);
  CHECK_FALSE(p.restore(static_cast<restore_flags>(1)));
  CHECK(p.store->find(played.id)->title == "Played meanwhile");
  CHECK(p.report().licenses_kept == 1);
}

TEST_CASE("a restore refuses every flag it does not know", "[O14]") {
  player p(direction::restore);
  for (unsigned bit = 2; bit != 32; ++bit) {
    const auto flags = static_cast<restore_flags>(1u << bit | 2u);
    CHECK(hresult_of(p.restorer->restore_licenses(flags, deaf_callback())) == hr::invalid_argument);
  }
  CHECK(p.executors.run_until_idle() == 0);
}
