// SPDX-License-Identifier: BSL-1.0
#include "engine/generation/generation_readers.hpp"

#include "catch.hpp"
#include "written_set.hpp"

#include <functional>

using namespace reinstate;
using namespace reinstate::test;
using engine::archive_reader;
using engine::index_reader;

// What a generation says, by its volumes and by its index, and several of them as one.

namespace {

constexpr std::size_t no_limit = 1'000'000;

said what_is_said(const engine::archived& item) {
  return {number_of(item.license.id), item.is_removal ? 0 : item.license.revision, item.is_removal};
}

said what_is_said(const archive::index_entry& item) {
  return {number_of(item.id), item.revision, item.is_removal};
}

struct heard {
  std::vector<said> all;
  engine::failure error;
};

template <class Next>
heard read_with(Next next) {
  heard out;
  for (;;) {
    const auto item = next();
    if (!item) {
      out.error = item.error();
      return out;
    }
    if (!*item) return out;
    out.all.push_back(what_is_said(**item));
  }
}

template <class Reader>
heard read_all(written_set& set, const archive::manifest& manifest) {
  Reader reader(*set.medium, manifest, set.who, {.max_record = no_limit});
  return read_with([&] { return reader.next(); });
}

// Records as the files of a generation hold them.
using records = std::vector<crypto::secret_buffer>;

template <class Record>
crypto::secret_buffer record_of(const Record& what) {
  crypto::secret_buffer out;
  archive::write_record(out, what);
  return out;
}

crypto::secret_buffer record_of_later_version() {
  const std::byte bytes[] = {std::byte{0xd8}, std::byte{24}, std::byte{0x42}, std::byte{0x81}, std::byte{5}};
  return {std::begin(bytes), std::end(bytes)};
}

crypto::secret_buffer license_of(unsigned number, std::uint64_t revision = 1) {
  license item = make_license(number, 10);
  item.revision = revision;
  const std::vector<std::byte> metadata = pack_metadata(item);
  return record_of(as_record(item, metadata));
}

archive::index_entry entry_of(const said& what) {
  return {make_license(what.number, 0).id, what.is_removal, what.revision};
}

std::vector<std::byte> entries_of(const std::vector<said>& all) {
  std::vector<std::byte> out;
  for (const said& each : all) {
    const auto bytes = archive::encode(entry_of(each));
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

archive::volume_header header_of(const archive::manifest& manifest, std::uint32_t volume) {
  archive::volume_header out;
  out.set = manifest.set;
  out.generation = manifest.generation;
  out.volume = volume;
  if (manifest.parent) out.parent = manifest.parent->manifest;
  return out;
}

// Of so many licenses of 10 bytes, and what else is in `all`.
archive::archive_totals totals_of(const std::vector<said>& all) {
  archive::archive_totals out;
  for (const said& each : all) ++(each.is_removal ? out.removals : out.licenses);
  out.payload_bytes = 10 * out.licenses;
  out.volumes = 1;
  out.contents = crypto::hash(entries_of(all));
  return out;
}

// A generation that builds on another and holds 1 and 3 and says that 2 is gone, and the records that it is made of: a
// test changes them before they are read.
struct taken_apart {
  const std::vector<said> all{{1, 4}, removed(2), {3, 1}};
  written_set set;
  archive::parsed_manifest parent = set.add(1, {{2, 1}});
  archive::manifest manifest = made();
  archive::volume_header volume_header = header_of(manifest, 1), index_header = header_of(manifest, 0);
  archive::archive_totals totals = totals_of(all);
  std::vector<std::byte> entries = entries_of(all);
  records volume{record_of(volume_header), license_of(1, 4), record_of(archive::removal_record{entry_of(all[1]).id}),
                 license_of(3), record_of(totals)};
  records index{record_of(index_header), record_of(archive::index_block{entries}), record_of(totals)};

  heard read_volume(const records& what) {
    manifest.volumes = {set.put_file(archive::volume_name(2, 1), what)};
    return read_all<archive_reader>(set, manifest);
  }
  heard read_index(const records& what) {
    manifest.index = set.put_file(archive::index_name(2), what);
    return read_all<index_reader>(set, manifest);
  }

  records index_with(const archive::volume_header& header) const { return {record_of(header), index[1], index[2]}; }
  records index_with(const archive::archive_totals& what) const { return {index[0], index[1], record_of(what)}; }
  records index_with(std::span<const std::byte> changed) const {
    return {index[0], record_of(archive::index_block{changed}), index[2]};
  }

 private:
  archive::manifest made() {
    set.payload_size = 10;
    return set.add(2, all, &parent).manifest;
  }
};

}  // namespace

TEST_CASE("a generation is read in order through all its volumes and its index says the same", "[engine][readers]") {
  written_set set;
  set.payload_size = 30'000;
  const auto parent = set.add(1, {{5, 1}});
  const std::vector<said> all{{1, 1}, {2, 7}, {3, 1}, {4, 1}, removed(5), {6, 1}, {7, 1}, {8, 3}, {9, 1}, removed(300)};
  const archive::manifest manifest = set.add(2, all, &parent, 256 * 1024).manifest;
  REQUIRE(manifest.volumes.size() > 1);
  CHECK(manifest.licenses == 8);
  CHECK(manifest.removals == 2);
  CHECK(manifest.payload_bytes == 8 * 30'000);

  archive_reader volumes(*set.medium, manifest, set.who, {.max_record = no_limit});
  const heard from_volumes = read_with([&] { return volumes.next(); });
  CHECK(from_volumes.error == error_code());
  CHECK(from_volumes.all == all);
  CHECK(volumes.damage().empty());
  index_reader index(*set.medium, manifest, set.who, {.max_record = no_limit});
  const heard from_index = read_with([&] { return index.next(); });
  CHECK(from_index.error == error_code());
  CHECK(from_index.all == all);
  CHECK(volumes.contents() == index.contents());
  CHECK(index.bytes_read() == manifest.index.size);
}

TEST_CASE("an index of more entries than a page holds is read like any other", "[engine][readers]") {
  written_set set;
  set.payload_size = 0;
  std::vector<said> all;
  for (unsigned i = 0; i != 2 * archive::index_block_entries + 1; ++i) all.push_back({i, i});
  const archive::manifest manifest = set.add(1, all).manifest;
  const heard got = read_all<index_reader>(set, manifest);
  CHECK(got.error == error_code());
  CHECK((got.all == all));
}

TEMPLATE_TEST_CASE("several generations are read as one where the newest that names a license is right",
                   "[engine][readers]", archive_reader, index_reader) {
  written_set set;
  engine::chain newest_first;
  const auto add = [&](const std::vector<said>& all) {
    const auto number = static_cast<std::uint32_t>(newest_first.size() + 1);
    auto made = set.add(number, all, newest_first.empty() ? nullptr : &newest_first.front());
    newest_first.insert(newest_first.begin(), std::move(made));
  };
  add({{1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {300, 1}});
  add({removed(2), {3, 2}, removed(5), {6, 1}, {7, 1}});
  add({{0, 1}, {2, 9}, removed(4), {7, 4}, {8, 1}});
  add({{1, 2}, {4, 1}, removed(6), removed(300)});

  const auto all = engine::merged_generations<TestType>(*set.medium, newest_first, set.who, {.max_record = no_limit});
  const heard got = read_with([&] { return all->next(); });
  CHECK(got.error == error_code());
  CHECK(got.all == std::vector<said>{{0, 1}, {1, 2}, {2, 9}, {3, 2}, {4, 1}, {7, 4}, {8, 1}});

  const auto again = engine::merged_generations<TestType>(*set.medium, newest_first, set.who, {.max_record = no_limit});
  CHECK(
      read_with([&] { return again->next_entry(); }).all ==
      std::vector<said>{{0, 1}, {1, 2}, {2, 9}, {3, 2}, {4, 1}, removed(5), removed(6), {7, 4}, {8, 1}, removed(300)});
}

TEST_CASE("what a generation overrules is not what is given of a license", "[engine][readers]") {
  written_set set;
  const auto first = set.add(1, {{1, 3}, {2, 1}});
  set.payload_size = 60;
  // Also where the revision is lower: the store was put back, and the backup followed it.
  const auto second = set.add(2, {{1, 2}}, &first);
  const auto all =
      engine::merged_generations<archive_reader>(*set.medium, {second, first}, set.who, {.max_record = no_limit});
  const auto item = all->next();
  REQUIRE((item && *item));
  CHECK(what_is_said(**item) == said{1, 2});
  CHECK(std::ranges::equal((*item)->license.payload, make_license(1, 60).payload.expose()));
}

TEST_CASE("an error in any of several generations ends the reading and names the file", "[engine][readers]") {
  written_set set;
  const auto first = set.add(1, {{1, 1}, {3, 1}});
  const auto second = set.add(2, {{2, 1}}, &first);
  const std::string name = GENERATE(as<std::string>(), "000001/licenses-001.age", "000002/licenses-001.age");
  set.stick->at(name).back() ^= std::byte{1};
  const auto all =
      engine::merged_generations<archive_reader>(*set.medium, {second, first}, set.who, {.max_record = no_limit});
  const heard got = read_with([&] { return all->next(); });
  CHECK(got.error == errc::backup_damaged);
  CHECK(got.error.file == name);
}

TEST_CASE("a generation taken apart and put together again is read as it was", "[engine][readers]") {
  taken_apart t;
  const heard from_volume = t.read_volume(t.volume), from_index = t.read_index(t.index);
  CHECK(from_volume.error == error_code());
  CHECK(from_volume.all == t.all);
  CHECK(from_index.error == error_code());
  CHECK(from_index.all == t.all);
}

TEST_CASE("a record of a later version is passed over in volumes and indexes", "[engine][readers]") {
  taken_apart t;
  for (std::size_t at = 1; at != t.volume.size(); ++at) {
    records with = t.volume;
    with.insert(with.begin() + static_cast<std::ptrdiff_t>(at), record_of_later_version());
    const heard got = t.read_volume(with);
    CHECK(got.error == error_code());
    CHECK(got.all == t.all);
  }
  for (std::size_t at = 1; at != t.index.size(); ++at) {
    records with = t.index;
    with.insert(with.begin() + static_cast<std::ptrdiff_t>(at), record_of_later_version());
    const heard got = t.read_index(with);
    CHECK(got.error == error_code());
    CHECK(got.all == t.all);
  }
}

TEST_CASE("records out of place make a volume damaged", "[engine][readers]") {
  taken_apart t;
  const auto& v = t.volume;
  struct row {
    const char* why;
    records all;
  };
  const row rows[] = {
      {"nothing", {}},
      {"no header", {v[1], v[2], v[3], v[4]}},
      {"two headers", {v[0], v[0], v[1], v[2], v[3], v[4]}},
      {"a record of a later version before the header", {record_of_later_version(), v[0], v[1], v[2], v[3], v[4]}},
      {"licenses out of order", {v[0], v[3], v[2], v[1], v[4]}},
      {"a removal out of order", {v[0], v[1], v[3], v[2], v[4]}},
      {"a license twice", {v[0], v[1], v[1], v[2], v[3], v[4]}},
      {"a license and its removal", {v[0], v[1], license_of(2), v[2], v[3], v[4]}},
      {"a license too few", {v[0], v[1], v[2], v[4]}},
      {"a removal too few", {v[0], v[1], v[3], v[4]}},
      {"a license too many", {v[0], v[1], v[2], v[3], license_of(4), v[4]}},
      {"a license of another revision", {v[0], license_of(1, 5), v[2], v[3], v[4]}},
      {"no totals", {v[0], v[1], v[2], v[3]}},
      {"a license behind the totals", {v[0], v[1], v[2], v[4], v[3]}},
      {"totals twice", {v[0], v[1], v[2], v[3], v[4], v[4]}},
      {"a block of the index", {v[0], v[1], v[2], v[3], t.index[1], v[4]}},
  };
  for (const row& r : rows) {
    INFO(r.why);
    CHECK(t.read_volume(r.all).error == errc::backup_damaged);
  }
}

TEST_CASE("records out of place make an index damaged", "[engine][readers]") {
  taken_apart t;
  const auto& i = t.index;
  struct row {
    const char* why;
    records all;
  };
  const row rows[] = {
      {"nothing", {}},
      {"no header", {i[1], i[2]}},
      {"two headers", {i[0], i[0], i[1], i[2]}},
      {"a record of a later version before the header", {record_of_later_version(), i[0], i[1], i[2]}},
      {"no entries", {i[0], i[2]}},
      {"entries twice", {i[0], i[1], i[1], i[2]}},
      {"no totals", {i[0], i[1]}},
      {"entries behind the totals", {i[0], i[2], i[1]}},
      {"totals twice", {i[0], i[1], i[2], i[2]}},
      {"a license", {i[0], i[1], license_of(4), i[2]}},
      {"a removal", {i[0], i[1], t.volume[2], i[2]}},
  };
  for (const row& r : rows) {
    INFO(r.why);
    CHECK(t.read_index(r.all).error == errc::backup_damaged);
  }
}

TEST_CASE("an index whose entries are out of order or are none is damaged", "[engine][readers]") {
  taken_apart t;
  const std::vector<said> wrong[] = {
      {{3, 1}, removed(2), {1, 4}}, {{1, 4}, {3, 1}, removed(2)}, {{1, 4}, {1, 4}, {3, 1}}};
  for (const auto& all : wrong) {
    const auto entries = entries_of(all);
    archive::archive_totals fitting = totals_of(all);
    t.manifest.licenses = fitting.licenses;
    t.manifest.removals = fitting.removals;
    CHECK(t.read_index({t.index[0], record_of(archive::index_block{entries}), record_of(fitting)}).error ==
          errc::backup_damaged);
  }
  std::vector<std::byte> entries = t.entries;
  entries[16] = std::byte{3};  // neither a license nor a removal
  CHECK(t.read_index(t.index_with(entries)).error == errc::backup_damaged);
}

TEST_CASE("an index whose totals differ from its entries or from the manifest is damaged", "[engine][readers]") {
  taken_apart t;
  const std::function<void(archive::archive_totals&)> changes[] = {
      [](auto& totals) { ++totals.licenses; }, [](auto& totals) { --totals.licenses; },
      [](auto& totals) { ++totals.removals; }, [](auto& totals) { ++totals.payload_bytes; },
      [](auto& totals) { ++totals.volumes; },  [](auto& totals) { totals.contents[31] ^= std::byte{1}; },
  };
  for (const auto& change : changes) {
    archive::archive_totals totals = t.totals;
    change(totals);
    CHECK(t.read_index(t.index_with(totals)).error == errc::backup_damaged);
    records volume = t.volume;
    volume.back() = record_of(totals);
    CHECK(t.read_volume(volume).error == errc::backup_damaged);
  }
  ++t.manifest.licenses;
  CHECK(t.read_index(t.index).error == errc::backup_damaged);
  CHECK(t.read_volume(t.volume).error == errc::backup_damaged);
  --t.manifest.licenses;
  ++t.manifest.removals;
  CHECK(t.read_index(t.index).error == errc::backup_damaged);
  CHECK(t.read_volume(t.volume).error == errc::backup_damaged);
}

TEST_CASE("a volume or index of another generation or set is told apart by its header", "[engine][readers]") {
  taken_apart t;
  const std::function<void(archive::volume_header&)> changes[] = {
      [](auto& header) { header.set[0] ^= std::byte{1}; },
      [](auto& header) { header.generation = 1; },
      [](auto& header) { header.volume += 1; },
      [](auto& header) { header.parent.reset(); },
      [](auto& header) { (*header.parent)[0] ^= std::byte{1}; },
  };
  for (const auto& change : changes) {
    archive::volume_header header = t.index_header;
    change(header);
    CHECK(t.read_index(t.index_with(header)).error == errc::backup_mixed);
    header = t.volume_header;
    change(header);
    records volume = t.volume;
    volume.front() = record_of(header);
    CHECK(t.read_volume(volume).error == errc::backup_mixed);
  }
}

TEST_CASE("files of another generation in the place of one are not read as its own", "[engine][readers]") {
  written_set set;
  const auto first = set.add(1, {{1, 1}}), second = set.add(2, {{1, 2}}, &first);
  for (const auto& [mine, other] : {std::pair(archive::index_name(2), archive::index_name(1)),
                                    std::pair(archive::volume_name(2, 1), archive::volume_name(1, 1))})
    set.stick->at(mine) = set.stick->at(other);
  CHECK(read_all<index_reader>(set, second.manifest).error == errc::backup_mixed);
  CHECK(read_all<archive_reader>(set, second.manifest).error == errc::backup_mixed);
}

TEST_CASE("a file of the set that is not the listed one is found out at once", "[engine][readers]") {
  written_set set;
  const archive::manifest manifest = set.add(1, {{1, 1}, {2, 1}}).manifest;
  // Of the same size, and encrypted to the same recipient: anybody who knows the public key can do that.
  const auto other = set.put_file(archive::volume_name(1, 1), {record_of(header_of(manifest, 1)), license_of(1),
                                                               license_of(2), record_of(totals_of({{1, 1}, {2, 1}}))});
  archive::manifest listed = manifest;
  listed.payload_bytes = 20;
  listed.volumes[0].size = other.size;
  CHECK(read_all<archive_reader>(set, listed).error == errc::backup_mixed);

  archive_reader salvaging(*set.medium, listed, set.who,
                           {.max_record = no_limit, .damage = engine::tolerance::salvage});
  const heard got = read_with([&] { return salvaging.next(); });
  CHECK(got.error == error_code());
  CHECK(got.all.empty());
  REQUIRE(salvaging.damage().size() == 1);
  CHECK(salvaging.damage()[0].error == errc::backup_mixed);
  CHECK(salvaging.damage()[0].file == archive::volume_name(1, 1));
}
