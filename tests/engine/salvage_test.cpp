// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "engine/generation/generation_readers.hpp"
#include "engine/restore/salvage_check.hpp"
#include "engine/set/backup_set.hpp"
#include "written_set.hpp"

#include <set>

using namespace reinstate;
using namespace reinstate::test;

// What a salvage takes out of a damaged backup, and what it says of the rest.

namespace {

constexpr const char* volume = "000001/licenses-001.age";
constexpr const char* index_file = "000001/index.age";

using ids = std::set<license_id>;

// A backup of one volume, and where in it each license lies.
struct one_volume {
  machine owner;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  std::vector<ids> in_chunk;   // the licenses of which a part lies in each chunk
  std::size_t payload_at = 0;  // where the first chunk begins

  explicit one_volume(const std::vector<std::size_t>& payload_sizes) {
    individualized(owner);
    for (std::size_t i = 0; i != payload_sizes.size(); ++i)
      owner.put(make_license(static_cast<unsigned>(i), payload_sizes[i]));
    REQUIRE(!owner.backup(stick).error);
    REQUIRE_FALSE(stick->contains("000001/licenses-002.age"));
    find_licenses();
  }

  std::size_t chunks() const { return in_chunk.size(); }

  // A byte in the middle of a chunk, as it lies on the medium.
  std::byte& byte_of(std::size_t chunk, memory_files& files) const {
    auto& file = files.at(volume);
    const std::size_t begin = payload_at + chunk * age::sealed_chunk_size;
    return file.at(begin + std::min(age::sealed_chunk_size, file.size() - begin) / 2);
  }

  ended salvage(machine& on, const std::shared_ptr<memory_files>& files) const {
    on.open(files);
    restore_options how;
    how.flags = restore_flags::individualize;
    how.salvage = true;
    return on.run([&](auto handler) { async_restore_licenses(*on.restorer, how, handler); });
  }

 private:
  // Told by opening every chunk, and without the code that reads archives in salvage.
  void find_licenses() {
    const auto& file = stick->at(volume);
    const auto who = engine::reader_on(owner.identity, owner.identity->public_identity()->agreement);
    auto opened = age::open_file(file, *who);
    REQUIRE(opened.has_value());
    payload_at = opened->payload_at;
    const auto plaintext = age::decrypt(file, *who);
    REQUIRE(plaintext.has_value());
    const crypto::byte_span all = plaintext->expose();
    archive::page_reader reader(1'000'000);
    std::size_t begun_in = 0;  // the chunk that a record larger than one began in
    for (std::size_t at = 0; at < all.size(); at += archive::page_size) {
      in_chunk.emplace_back();
      if (!reader.inside_record()) begun_in = in_chunk.size() - 1;
      reader.add_page(all.subspan(at, std::min(archive::page_size, all.size() - at)));
      for (;;) {
        const auto step = reader.next();
        REQUIRE(step.has_value());
        if (step->state == archive::page_reader::state::needs_page) break;
        const auto parsed = archive::parse_record(step->content);
        if (const auto* item = std::get_if<license_record>(&parsed->record))
          for (std::size_t chunk = begun_in; chunk != in_chunk.size(); ++chunk) in_chunk[chunk].insert(item->id);
      }
    }
  }
};

ids ids_of(license_store& store) {
  ids out;
  for (const auto& [id, item] : contents(store)) out.insert(id);
  return out;
}

ids lost_of(const operation_report& report) {
  ids out;
  for (const license_outcome& each : report.outcomes)
    if (each.reason == errc::license_lost) out.insert(each.id);
  return out;
}

ids without(ids all, const ids& some) {
  for (const license_id& id : some) all.erase(id);
  return all;
}

// What came back is what the owner has.
void check_unchanged(license_store& restored, license_store& original) {
  const auto before = contents(original);
  for (const auto& [id, item] : contents(restored)) CHECK(same(item, before.at(id)));
}

std::vector<std::size_t> every_other(std::size_t count, std::size_t one, std::size_t other) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i != count; ++i) out.push_back(i % 2 == 0 ? one : other);
  return out;
}

}  // namespace

TEST_CASE("where the medium cannot read on a salvage gives what lies before", "[engine][salvage]") {
  // One file with an unreadable place, as a disk gives it that has gone bad.
  struct bad_reader final : medium_reader {
    std::unique_ptr<medium_reader> inner;
    std::uint64_t left;
    bad_reader(std::unique_ptr<medium_reader> of, std::uint64_t readable) : inner(std::move(of)), left(readable) {}
    std::uint64_t size() const override { return inner->size(); }
    result<std::size_t> read(std::span<std::byte> into) override {
      if (left == 0) return errc::medium_failed;
      const auto got = inner->read(into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left))));
      if (got) left -= *got;
      return got;
    }
  };
  struct bad_medium final : backup_medium {
    std::unique_ptr<backup_medium> inner;
    std::uint64_t readable;
    bad_medium(std::unique_ptr<backup_medium> of, std::uint64_t bytes) : inner(std::move(of)), readable(bytes) {}
    result<std::vector<medium_entry>> list() override { return inner->list(); }
    result<std::unique_ptr<medium_writer>> create(std::string_view name) override { return inner->create(name); }
    result<void> remove(std::string_view name) override { return inner->remove(name); }
    result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
      auto file = inner->open(name);
      if (!file || name != volume) return file;
      return std::make_unique<bad_reader>(std::move(*file), readable);
    }
  };
  const one_volume t(std::vector<std::size_t>(12, 30'000));
  REQUIRE(t.chunks() == 6);
  const ids all = ids_of(*t.owner.store);
  const bool reads_some = GENERATE(false, true);
  const std::uint64_t readable = reads_some ? t.payload_at + 3 * age::sealed_chunk_size + 1000 : 100;
  INFO(readable << " bytes can be read");
  ids reached;
  for (std::size_t chunk = 0; t.payload_at + (chunk + 1) * age::sealed_chunk_size < readable; ++chunk)
    reached.insert(t.in_chunk[chunk].begin(), t.in_chunk[chunk].end());

  machine other;
  const auto bad = [&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
    return std::make_unique<bad_medium>(make_memory_medium(t.stick), readable);
  };
  other.open(bad);
  const auto restore = [&](bool salvage) {
    const restore_options how{.flags = restore_flags::individualize, .salvage = salvage};
    return other.run([&](auto handler) { async_restore_licenses(*other.restorer, how, handler); });
  };
  CHECK(restore(false).error == errc::medium_failed);
  CHECK(ids_of(*other.store).empty());
  const ended salvaged = restore(true);
  CHECK(salvaged.error == errc::backup_salvaged);
  CHECK(ids_of(*other.store) == reached);
  CHECK(lost_of(salvaged.report) == without(all, reached));
  REQUIRE(salvaged.report.damage.size() == 1);
  CHECK(salvaged.report.damage[0].file == volume);
  check_unchanged(*other.store, *t.owner.store);
}

TEST_CASE("a damaged chunk costs exactly the licenses in it", "[engine][salvage]") {
  struct row {
    const char* what;
    std::vector<std::size_t> payload_sizes;
  };
  const auto r = GENERATE(row{"small licenses", std::vector<std::size_t>(900, 200)},
                          row{"licenses of 200 KB", std::vector<std::size_t>(5, 200'000)},
                          row{"both by turns", every_other(8, 200, 200'000)});
  INFO(r.what);
  const one_volume t(r.payload_sizes);
  REQUIRE(t.chunks() > 3);
  const ids all = ids_of(*t.owner.store);
  for (std::size_t chunk = 0; chunk != t.chunks(); ++chunk) {
    INFO("chunk " << chunk << " of " << t.chunks());
    const auto damaged = std::make_shared<memory_files>(*t.stick);
    t.byte_of(chunk, *damaged) ^= std::byte{1};
    machine other;
    CHECK(other.restore(damaged).error == errc::backup_damaged);
    REQUIRE(contents(*other.store).empty());

    const ended got = t.salvage(other, damaged);
    CHECK(got.error == errc::backup_salvaged);
    CHECK((lost_of(got.report) == t.in_chunk[chunk]));
    CHECK((ids_of(*other.store) == without(all, t.in_chunk[chunk])));
    check_unchanged(*other.store, *t.owner.store);
    CHECK(got.report.licenses_left_out == t.in_chunk[chunk].size());
    REQUIRE(got.report.damage.size() == 1);
    CHECK(got.report.damage[0].file == volume);
    CHECK(got.report.damage[0].error == errc::backup_damaged);
  }
}

TEST_CASE("chunks that are zeros or that changed places cost exactly their licenses", "[engine][salvage]") {
  const one_volume t(std::vector<std::size_t>(900, 200));
  const ids all = ids_of(*t.owner.store);
  const auto damaged = std::make_shared<memory_files>(*t.stick);
  auto& file = damaged->at(volume);
  const auto begin_of = [&](std::size_t chunk) {
    return file.begin() + static_cast<std::ptrdiff_t>(t.payload_at + chunk * age::sealed_chunk_size);
  };
  if (GENERATE(true, false))
    std::fill(begin_of(1), begin_of(3), std::byte{0});
  else
    std::swap_ranges(begin_of(1), begin_of(2), begin_of(2));
  ids lost = t.in_chunk[1];
  lost.insert(t.in_chunk[2].begin(), t.in_chunk[2].end());
  machine other;
  const ended got = t.salvage(other, damaged);
  CHECK(got.error == errc::backup_salvaged);
  CHECK((lost_of(got.report) == lost));
  CHECK((ids_of(*other.store) == without(all, lost)));
  check_unchanged(*other.store, *t.owner.store);
}

TEST_CASE("a volume cut anywhere costs the licenses from there on", "[engine][salvage]") {
  const one_volume t(std::vector<std::size_t>(900, 200));
  const ids all = ids_of(*t.owner.store);
  for (std::size_t chunk = 0; chunk != t.chunks(); ++chunk) {
    INFO("chunk " << chunk);
    const auto damaged = std::make_shared<memory_files>(*t.stick);
    damaged->at(volume).resize(t.payload_at + chunk * age::sealed_chunk_size + GENERATE_COPY(0u, 100u));
    ids lost;
    for (std::size_t gone = chunk; gone != t.chunks(); ++gone)
      lost.insert(t.in_chunk[gone].begin(), t.in_chunk[gone].end());
    machine other;
    const ended got = t.salvage(other, damaged);
    CHECK(got.error == errc::backup_salvaged);
    CHECK((lost_of(got.report) == lost));
    CHECK((ids_of(*other.store) == without(all, lost)));
  }
}

TEST_CASE("a backup that is whole is salvaged without a loss", "[engine][salvage]") {
  const one_volume t(every_other(6, 200, 200'000));
  machine other;
  const ended got = t.salvage(other, t.stick);
  CHECK(!got.error);
  CHECK(got.report.damage.empty());
  CHECK(got.report.outcomes.empty());
  CHECK(got.report.warnings.empty());
  CHECK(same_contents(*other.store, *t.owner.store));
}

TEST_CASE("without its index a whole volume is salvaged without a loss", "[engine][salvage]") {
  one_volume t(std::vector<std::size_t>(5, 200));
  license counted = make_license(2, 200);
  counted.state.uses_left = 3;
  counted.revision = 2;
  t.owner.put(counted);
  t.stick->clear();
  REQUIRE(!t.owner.backup(t.stick).error);
  const auto damaged = std::make_shared<memory_files>(*t.stick);
  if (GENERATE(true, false))
    damaged->erase(index_file);
  else
    damaged->at(index_file).back() ^= std::byte{1};
  machine other;
  const ended got = t.salvage(other, damaged);
  CHECK(got.error == errc::backup_salvaged);
  CHECK(same_contents(*other.store, *t.owner.store));
  CHECK(got.report.outcomes.empty());
  CHECK(got.report.warnings.empty());
  REQUIRE(got.report.damage.size() == 1);
  CHECK(got.report.damage[0].file == index_file);
}

TEST_CASE("a payload that looks like a page of licenses is not read as one", "[engine][salvage]") {
  license counted = make_license(9, 100);
  counted.state.uses_left = 1;
  license forged = make_license(9, 100);
  const auto forged_metadata = pack_metadata(forged);
  crypto::secret_buffer page;
  archive::write_record(page, as_record(forged, forged_metadata));
  page.resize(archive::page_size, std::byte{0xf6});

  // Where the second page of the large license begins, or somewhat before or behind.
  const auto shift = GENERATE(range(-16, 17));
  license large = make_license(3, 200'000);
  const auto metadata = pack_metadata(large);
  const std::size_t head = archive::encoded_size(as_record(large, metadata)) - large.payload.size();
  std::ranges::copy(
      page, large.payload.expose_writable().begin() + static_cast<std::ptrdiff_t>(archive::page_size - head) + shift);

  machine owner;
  individualized(owner);
  for (const unsigned number : {1u, 12u}) owner.put(make_license(number, 100));
  owner.put(large);
  owner.put(counted);
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);
  // The chunk in which the large license begins.
  auto& file = stick->at(volume);
  const auto who = engine::reader_on(owner.identity, owner.identity->public_identity()->agreement);
  file.at(age::open_file(file, *who)->payload_at + age::sealed_chunk_size) ^= std::byte{1};

  machine other;
  other.open(stick);
  restore_options how;
  how.flags = restore_flags::individualize;
  how.salvage = true;
  const ended got = other.run([&](auto handler) { async_restore_licenses(*other.restorer, how, handler); });
  CHECK(got.error == errc::backup_salvaged);
  CHECK((ids_of(*other.store) == ids{make_license(1).id, counted.id, make_license(12).id}));
  CHECK(contents(*other.store).at(counted.id).state.uses_left == 1u);
}
