// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "generation_fixture.hpp"

using namespace reinstate;
using namespace reinstate::test;

// A backup that adds to the one that is there holds what the store holds, and every earlier generation stays what it
// was.

namespace {

// A machine with a few licenses and a stick that has them.
struct backed_up : machine {
  stick_files stick = empty_stick();

  explicit backed_up(unsigned count = 5) {
    individualized(*this);
    for (unsigned i = 0; i != count; ++i) put(make_license(i));
    REQUIRE(!update(*this, stick).error);
  }
};

// The last generation of `stick` gives what the store holds.
void check_newest(machine& m, const stick_files& stick) {
  const restored got = restore_elsewhere(stick);
  INFO(got.error.message() << " " << got.report.file);
  CHECK(!got.error);
  CHECK(got.licenses == image_of(*m.store));
  CHECK(got.report.damage.empty());
  CHECK(!m.verify(stick).error);
}

}  // namespace

TEST_CASE("an update writes only what is new or changed or gone", "[engine][update]") {
  backed_up t;
  t.put(make_license(9));                  // new
  t.put(revised(1, 7));                    // changed
  t.put(revised(2, 0));                    // put back to an earlier revision
  take_out(*t.store, make_license(3).id);  // gone
  const ended second = update(t, t.stick);
  REQUIRE(!second.error);
  CHECK(second.report.generation == 2);
  CHECK(second.report.builds_on == 1);
  CHECK(second.report.licenses_seen == 5);
  CHECK(second.report.licenses_done == 3);
  CHECK(second.report.licenses_kept == 2);
  CHECK(second.report.licenses_removed == 1);
  CHECK(second.report.licenses_left_out == 0);
  CHECK(second.report.bytes == t.stick->at("000002/licenses-001.age").size() + t.stick->at("000002/index.age").size());
  check_newest(t, t.stick);
  CHECK(restore_elsewhere(t.stick, 1).licenses.size() == 5);
  const auto all = listed(t.stick);
  REQUIRE(all.size() == 2);
  CHECK(all[0].description.licenses == 5);
  CHECK(all[0].description.payload_bytes == 600);
  CHECK(all[0].description.builds_on == 1);
}

TEST_CASE("an update that finds no change leaves the folder as it is", "[engine][update]") {
  backed_up t;
  t.put(make_license(9));
  REQUIRE(!update(t, t.stick).error);
  const memory_files before = *t.stick;
  const ended third = update(t, t.stick);
  CHECK(!third.error);
  CHECK(*t.stick == before);
  CHECK(third.report.generation == 2);
  CHECK(third.report.builds_on == 1);
  CHECK(third.report.licenses_done == 0);
  CHECK(third.report.licenses_kept == 6);
  CHECK(third.report.bytes == 0);
  CHECK(t.statuses() == std::vector{status::begin, status::end});
}

TEST_CASE("an update that finds no change writes nothing for the sake of a keep policy", "[engine][update]") {
  const keep_policy keep = GENERATE(keep_policy{.last = 1}, keep_policy{.daily = 3}, keep_policy{.monthly = 1});
  backed_up t;
  t.put(make_license(9));
  REQUIRE(!update(t, t.stick, keep).error);
  const memory_files before = *t.stick;
  const ended third = update(t, t.stick, keep);
  CHECK(!third.error);
  CHECK(third.report.licenses_kept == 6);
  CHECK(*t.stick == before);
}

TEST_CASE("an update into an empty folder is a first backup", "[engine][update]") {
  machine m;
  individualized(m);
  m.put(make_license(1));
  const auto stick = empty_stick();
  const ended first = update(m, stick);
  CHECK(!first.error);
  CHECK(first.report.generation == 1);
  CHECK(first.report.builds_on == 0);
  check_newest(m, stick);
}

TEST_CASE("what an update cannot build on gets a generation that holds everything", "[engine][update]") {
  backed_up t;
  t.put(make_license(9));
  machine* writer = &t;
  machine other;

  SECTION("the set of another machine") {
    individualized(other);
    for (unsigned i = 0; i != 3; ++i) other.put(make_license(i + 20));
    writer = &other;
  }
  SECTION("another way to keep the key") {
    auto config = t.config_with([&](const std::string&) { return make_memory_medium(t.stick); });
    config.recovery_key = recovery_key_storage::readable;
    t.open(std::move(config));
    const ended second =
        t.run([&](auto handler) { async_backup_licenses(*t.restorer, backup_flags::update, handler); });
    CHECK(!second.error);
    CHECK(second.report.builds_on == 0);
    CHECK(second.report.licenses_done == 6);
    return;
  }
  SECTION("a renewed key") {
    t.begin_new_set = true;
  }
  SECTION("a damaged manifest") {
    t.stick->at("000001/manifest")[80] ^= std::byte{1};
  }
  SECTION("a missing volume") {
    t.stick->erase("000001/licenses-001.age");
  }
  SECTION("a missing index") {
    t.stick->erase("000001/index.age");
  }
  SECTION("a damaged index") {
    t.stick->at("000001/index.age").back() ^= std::byte{1};
  }
  SECTION("an index of another length") {
    t.stick->at("000001/index.age").pop_back();
  }
  const ended second = update(*writer, t.stick);
  INFO(second.error.message() << " " << second.report.file);
  CHECK(!second.error);
  CHECK(second.report.generation == 2);
  CHECK(second.report.builds_on == 0);
  CHECK(second.report.file.empty());
  CHECK(second.report.licenses_removed == 0);
  check_newest(*writer, t.stick);
  CHECK(t.stick->contains("000001/manifest"));
}

TEST_CASE("an update goes on where the newest of several generations is damaged", "[engine][update]") {
  backed_up t;
  t.put(make_license(9));
  REQUIRE(!update(t, t.stick).error);
  t.put(make_license(10));
  const std::string file = GENERATE("manifest", "licenses-001.age", "index.age");
  const bool is_gone = GENERATE(false, true);
  if (is_gone && file == "manifest") return;  // then it never was
  const std::string name = "000002/" + file;
  INFO(name << (is_gone ? " is gone" : " is damaged"));
  if (is_gone)
    t.stick->erase(name);
  else
    t.stick->at(name).pop_back();
  const ended third = update(t, t.stick);
  INFO(third.error.message() << " " << third.report.file);
  CHECK(!third.error);
  CHECK(third.report.generation == 3);
  CHECK(third.report.builds_on == 0);
  check_newest(t, t.stick);
  // And the next one adds to that.
  t.put(make_license(11));
  CHECK(update(t, t.stick).report.builds_on == 3);
  check_newest(t, t.stick);
}

TEST_CASE("a right that was withdrawn takes the license out of the newest generation", "[engine][update]") {
  backed_up t;
  t.put(denied(2));
  const ended second = update(t, t.stick);
  REQUIRE(!second.error);
  CHECK(second.report.licenses_left_out == 1);
  CHECK(second.report.licenses_done == 0);
  REQUIRE(second.report.outcomes.size() == 1);
  CHECK(second.report.outcomes[0].reason == errc::backup_right_absent);
  CHECK_FALSE(restore_elsewhere(t.stick).licenses.contains(make_license(2).id));
  CHECK(restore_elsewhere(t.stick, 1).licenses.contains(make_license(2).id));

  const memory_files before = *t.stick;
  CHECK(update(t, t.stick).report.licenses_left_out == 1);
  CHECK(*t.stick == before);

  t.put(revised(2, 3));  // granted again
  CHECK(update(t, t.stick).report.licenses_done == 1);
  check_newest(t, t.stick);
}

TEST_CASE("a license that was removed and comes back is there again", "[engine][update]") {
  backed_up t;
  const license_id id = make_license(2).id;
  for (std::uint32_t round = 0; round != 3; ++round) {
    take_out(*t.store, id);
    REQUIRE(update(t, t.stick).report.licenses_removed == 1);
    check_newest(t, t.stick);
    t.put(make_license(2));  // in the revision that the first generation has
    REQUIRE(update(t, t.stick).report.licenses_done == 1);
    check_newest(t, t.stick);
  }
  for (std::uint32_t generation = 1; generation != 8; ++generation)
    CHECK(restore_elsewhere(t.stick, generation).licenses.contains(id) == (generation % 2 == 1));
}

TEST_CASE("a license that can no longer be opened stays in the backup as it was", "[engine][update]") {
  const keep_policy keep = GENERATE(keep_policy{}, keep_policy{.last = 1}, keep_policy{.last = 2});
  const bool has_changed = GENERATE(false, true);
  machine m;
  individualized(m);
  for (unsigned i = 0; i != 4; ++i) m.put(make_license(i));
  const store_image good = image_of(*m.store);
  const auto store = std::make_shared<spoiled_store>(m.store);
  const license_id id = make_license(2).id;
  m.store = store;
  const auto stick = empty_stick();
  REQUIRE(!update(m, stick, keep).error);

  if (has_changed) m.put(revised(2, 2));
  store->damaged = {id};
  for (unsigned round = 0; round != 4; ++round) {
    m.put(make_license(10 + round));
    const ended next = update(m, stick, keep);
    INFO("round " << round << ": " << next.error.message() << " " << next.report.file);
    REQUIRE(!next.error);
    const restored got = restore_elsewhere(stick);
    REQUIRE(!got.error);
    REQUIRE(got.licenses.contains(id));
    CHECK(got.licenses.at(id) == good.at(id));
    CHECK(got.licenses.size() == 5 + round);
    CHECK(!m.verify(stick).error);
  }
}

TEST_CASE("an update of some licenses leaves the others in the backup", "[engine][update]") {
  const keep_policy keep = GENERATE(keep_policy{}, keep_policy{.last = 1}, keep_policy{.last = 2});
  backed_up t;
  const store_image first = image_of(*t.store);
  for (std::uint64_t revision = 2; revision != 6; ++revision) {
    t.put(revised(1, revision));
    t.put(revised(2, revision));
    take_out(*t.store, make_license(3).id);
    backup_options options{.flags = backup_flags::update, .keep = keep};
    options.selection.licenses = {make_license(1).id};
    const ended next = run_backup(t, t.stick, options);
    INFO("revision " << revision << ": " << next.error.message() << " " << next.report.file);
    REQUIRE(!next.error);
    CHECK(next.report.licenses_done >= 1);
    CHECK(next.report.licenses_removed == 0);
    store_image expected = first;
    expected.at(make_license(1).id) = image_of(revised(1, revision));
    CHECK(restore_elsewhere(t.stick).licenses == expected);
    CHECK(!t.verify(t.stick).error);
  }
}

TEST_CASE("an empty store never replaces a backup that has licenses", "[engine][update]") {
  backed_up t;
  machine new_disk;
  new_disk.identity = t.identity;
  bool is_other_machine = false;
  keep_policy keep;
  SECTION("on the same machine") {
  }
  SECTION("where a new generation would hold everything") {
    keep.last = 1;
  }
  SECTION("with a renewed key") {
    new_disk.begin_new_set = true;
  }
  SECTION("on another machine") {
    is_other_machine = true;
  }
  SECTION("on a machine without identity") {
    new_disk.identity = make_memory_machine_identity();
  }
  SECTION("when all rights were withdrawn") {
    for (unsigned i = 0; i != 5; ++i) new_disk.put(denied(i));
  }
  SECTION("when nothing of it can be opened any more") {
    const auto store = std::make_shared<spoiled_store>(new_disk.store);
    new_disk.put(revised(7, 1));
    store->damaged = {make_license(7).id};
    new_disk.store = store;
  }
  if (is_other_machine) {
    new_disk.identity = make_memory_machine_identity();
    individualized(new_disk);
  }
  const memory_files before = *t.stick;
  CHECK(update(new_disk, t.stick, keep).error == errc::nothing_to_back_up);
  CHECK(*t.stick == before);
}

TEST_CASE("a license of a few hundred kilobytes goes through updates and small volumes", "[engine][update]") {
  machine m;
  individualized(m);
  m.limits.volume_bytes = 256 * 1024;
  for (unsigned i = 0; i != 5; ++i) m.put(make_license(i, 200 * 1024));
  const auto stick = empty_stick();
  REQUIRE(!update(m, stick).error);
  for (unsigned i = 0; i != 5; ++i) m.put(revised(i, 2, i % 2 == 0 ? 200 * 1024 : 70));
  m.put(make_license(8, 65'536));
  REQUIRE(!update(m, stick).error);
  const auto all = listed(stick);
  REQUIRE(all.size() == 2);
  CHECK(all[0].description.volumes.size() >= 3);
  for (const medium_entry& volume : all[0].description.volumes) CHECK(volume.size <= m.limits.volume_bytes + 70'000);
  check_newest(m, stick);
}

TEST_CASE("a volume of removals ends where it is full", "[engine][update]") {
  machine m;
  individualized(m);
  m.limits.volume_bytes = 256 * 1024;
  auto batch = *m.store->begin_batch();
  constexpr unsigned count = 20'000;
  for (unsigned i = 0; i != count + 1; ++i) {
    const license item = make_license(i, 1);
    const auto metadata = pack_metadata(item);
    REQUIRE(batch->put(as_record(item, metadata)));
  }
  REQUIRE(batch->commit());
  batch.reset();
  const auto stick = empty_stick();
  REQUIRE(!update(m, stick).error);
  batch = *m.store->begin_batch();
  for (unsigned i = 0; i != count; ++i) REQUIRE(batch->remove(make_license(i, 1).id));
  REQUIRE(batch->commit());
  const ended second = update(m, stick);
  REQUIRE(!second.error);
  CHECK(second.report.licenses_removed == count);
  for (const auto& [name, content] : *stick)
    if (name.starts_with("000002/licenses")) CHECK(content.size() <= m.limits.volume_bytes);
  check_newest(m, stick);
}

TEST_CASE("titles of any kind go through updates and restores", "[engine][update]") {
  const std::string arabic = "\xd9\x85\xd9\x83\xd8\xaa\xd8\xa8\xd8\xa9";
  std::string long_arabic = "x";
  while (long_arabic.size() < 300) long_arabic += arabic;
  const std::string title = GENERATE_COPY(std::string(), std::string("a\0b\n\x1b[31m\r\t\x7f", 12), arabic, long_arabic,
                                          std::string("\xff\xfe\xc3"), std::string(300, '\x80'),
                                          std::string(1'000'000, 'a'), std::string(255, 'a') + "\xf0\x9f\x8e\xac");
  backed_up t;
  license item = revised(2, 2);
  item.title = title;
  t.put(item);
  REQUIRE(!update(t, t.stick).error);
  check_newest(t, t.stick);

  item = denied(2);
  item.title = title;
  t.put(item);
  const ended third = update(t, t.stick);
  REQUIRE(third.report.outcomes.size() == 1);
  const std::string& told = third.report.outcomes[0].title;
  CHECK(told.size() <= 256);
  CHECK(title.starts_with(told));
  if (title.size() <= 256) CHECK(told == title);
  if (title.size() > 256) CHECK(told.size() >= 253);
  const bool is_utf8 = !title.starts_with('\x80');
  if (is_utf8 && told.size() < title.size()) CHECK((static_cast<unsigned char>(title[told.size()]) & 0xc0) != 0x80);
}
