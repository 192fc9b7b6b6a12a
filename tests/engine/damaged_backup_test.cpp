// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "format/archive/archive_manifest.hpp"
#include "planted_slot.hpp"
#include "slot_names.hpp"

#include <reinstate/inspect.hpp>

#include <chrono>

using namespace reinstate;
using namespace reinstate::test;

// What a damaged backup gets: an error of its own, and a store that is as it was. [C90, C140]

namespace {

constexpr std::uint32_t backup_corrupt = 0xC00D2743;

struct one_backup {
  machine a, b;
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  std::string recovery;  // the name of the passphrase's slot

  one_backup() {
    individualized(a);
    individualized(b);
    for (unsigned i = 0; i != 3; ++i) a.put(make_license(i, 50));
    REQUIRE(!a.backup(stick).error);
    recovery = slot_name(*stick, passphrase_slot);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, content] : *stick) out.push_back(name);
    return out;
  }

  // A copy of the backup with one file changed by `change`.
  template <class Change>
  std::shared_ptr<memory_files> with(const std::string& name, Change change) const {
    auto copy = std::make_shared<memory_files>(*stick);
    change(copy->at(name));
    return copy;
  }

  // The error of a restore on the other machine, which must leave its store empty.
  error_code restore_error(const std::shared_ptr<memory_files>& files) {
    const error_code error = b.restore(files).error;
    if (!contents(*b.store).empty()) FAIL("a refused backup left licenses in the store");
    return error;
  }
};

constexpr const char* manifest = "000001/manifest";
constexpr const char* volume = "000001/licenses-001.age";

}  // namespace

TEST_CASE("one flipped bit at any byte of any file is found by a verification", "[engine][damage][C140]") {
  one_backup t;
  for (const std::string& name : t.names()) {
    for (std::size_t at = 0; at != t.stick->at(name).size(); ++at) {
      const auto damaged = t.with(name, [&](auto& file) { file[at] ^= static_cast<std::byte>(1u << (at % 8)); });
      const error_code error = t.a.verify(damaged).error;
      if (to_hresult(error) != backup_corrupt) FAIL(name << " at " << at << ": " << error.message());
    }
  }
}

TEST_CASE("any file cut at any byte is found by a verification", "[engine][damage][C140]") {
  one_backup t;
  for (const std::string& name : t.names()) {
    for (std::size_t size = 0; size != t.stick->at(name).size(); ++size) {
      const auto damaged = t.with(name, [&](auto& file) { file.resize(size); });
      const error_code error = t.a.verify(damaged).error;
      if (to_hresult(error) != backup_corrupt) FAIL(name << " cut to " << size << ": " << error.message());
    }
  }
}

TEST_CASE("a byte added to any file is found by a verification", "[engine][damage]") {
  one_backup t;
  for (const std::string& name : t.names()) {
    INFO(name);
    const auto damaged = t.with(name, [&](auto& file) { file.push_back(std::byte{0}); });
    CHECK(to_hresult(t.a.verify(damaged).error) == backup_corrupt);
  }
}

TEST_CASE("a flipped bit anywhere in what a restore reads leaves the store as it was", "[engine][damage]") {
  one_backup t;
  for (const std::string& name : {std::string(manifest), std::string(volume), t.recovery}) {
    for (std::size_t at = 0; at < t.stick->at(name).size(); at += 3) {
      const auto damaged = t.with(name, [&](auto& file) { file[at] ^= std::byte{0x10}; });
      const error_code error = t.restore_error(damaged);
      if (!error) FAIL(name << " at " << at << " was restored");
    }
  }
}

TEST_CASE("a manifest that is damaged, cut, or gone", "[engine][damage]") {
  one_backup t;
  CHECK(t.restore_error(t.with(manifest, [](auto& f) { f[100] ^= std::byte{1}; })) == errc::manifest_damaged);
  CHECK(t.restore_error(t.with(manifest, [](auto& f) { f.resize(100); })) == errc::manifest_damaged);
  CHECK(t.restore_error(t.with(manifest, [](auto& f) { f.clear(); })) == errc::manifest_damaged);
  auto without = std::make_shared<memory_files>(*t.stick);
  without->erase(manifest);
  CHECK(t.restore_error(without) == errc::manifest_damaged);
}

TEST_CASE("a volume that is damaged, cut, longer, or gone", "[engine][damage]") {
  one_backup t;
  CHECK(t.restore_error(t.with(volume, [](auto& f) { f.back() ^= std::byte{1}; })) == errc::backup_damaged);
  CHECK(t.restore_error(t.with(volume, [](auto& f) { f.pop_back(); })) == errc::backup_truncated);
  CHECK(t.restore_error(t.with(volume, [](auto& f) { f.clear(); })) == errc::backup_truncated);
  CHECK(t.restore_error(t.with(volume, [](auto& f) { f.push_back({}); })) == errc::backup_damaged);
  auto without = std::make_shared<memory_files>(*t.stick);
  without->erase(volume);
  CHECK(t.restore_error(without) == errc::volume_missing);
  CHECK(t.b.restore(without).report.file == volume);
}

TEST_CASE("the only slot that opens elsewhere is damaged, cut, or gone", "[engine][damage]") {
  one_backup t;
  CHECK(t.restore_error(t.with(t.recovery, [](auto& f) { f.back() ^= std::byte{1}; })) == errc::key_slot_damaged);
  CHECK(t.restore_error(t.with(t.recovery, [](auto& f) { f.resize(80); })) == errc::key_slot_damaged);
  auto without = std::make_shared<memory_files>(*t.stick);
  without->erase(t.recovery);
  CHECK(t.restore_error(without) == errc::key_slot_missing);
  CHECK(t.b.restore(without).report.file == "recovery-000001");
  // The machine that made the backup does not need it, but a verification tells.
  CHECK(!t.a.restore(without).error);
  CHECK(t.a.verify(without).error == errc::key_slot_missing);
}

TEST_CASE("a slot whose work factor is 30 is refused before any memory is taken", "[engine][damage]") {
  one_backup t;
  auto hostile = std::make_shared<memory_files>(*t.stick);
  const auto slot = hostile->extract(t.recovery);
  std::string text(reinterpret_cast<const char*>(slot.mapped().data()), slot.mapped().size());
  const std::size_t at = text.find(" 4\n");
  REQUIRE(at != std::string::npos);
  text.replace(at, 3, " 30\n");
  const auto bytes = std::as_bytes(std::span(text));
  (*hostile)[t.recovery].assign(bytes.begin(), bytes.end());
  CHECK(t.restore_error(hostile) == errc::key_slot_damaged);
  hostile->erase(t.recovery);
  // Nobody needs a key to give it a name that fits.
  plant_slot(*hostile, slot_kind::passphrase, bytes);
  CHECK(t.restore_error(hostile) == errc::work_factor_too_high);
}

TEST_CASE("a folder without a backup says so", "[engine][damage]") {
  machine m;
  CHECK(m.restore(std::make_shared<memory_files>()).error == errc::no_backup);
  const auto other = std::make_shared<memory_files>();
  (*other)["holiday.jpg"] = {std::byte{1}};
  CHECK(m.restore(other).error == errc::no_backup);
  CHECK(m.verify(other).error == errc::no_backup);
  CHECK(inspect_backup(*make_memory_medium(other)).error() == errc::no_backup);
}

TEST_CASE("the files of two backups mixed are told apart, whichever file was swapped", "[engine][damage]") {
  one_backup t;
  machine other;
  individualized(other);
  for (unsigned i = 0; i != 3; ++i) other.put(make_license(i, 50));  // as large as the first, so sizes tell nothing
  const auto second = std::make_shared<memory_files>();
  REQUIRE(!other.backup(second).error);
  REQUIRE(second->at(volume).size() == t.stick->at(volume).size());

  const auto swapped = [&](const char* name) { return t.with(name, [&](auto& f) { f = second->at(name); }); };
  CHECK(t.restore_error(swapped(volume)) == errc::backup_mixed);
  auto with_slot = std::make_shared<memory_files>(*t.stick);
  with_slot->erase(t.recovery);
  with_slot->insert(second->extract(slot_name(*second, passphrase_slot)));
  CHECK(t.restore_error(with_slot) == errc::backup_mixed);
  CHECK(t.restore_error(swapped(manifest)) == errc::backup_mixed);
}

TEST_CASE("a volume of an earlier generation of the same set is told apart", "[engine][damage]") {
  one_backup t;
  const auto first = t.stick->at(volume);
  REQUIRE(!t.a.backup(t.stick, backup_flags::overwrite).error);
  auto mixed = std::make_shared<memory_files>(*t.stick);
  REQUIRE(mixed->at("000002/licenses-001.age").size() == first.size());
  mixed->at("000002/licenses-001.age") = first;
  CHECK(t.restore_error(mixed) == errc::backup_mixed);
}

TEST_CASE("a newer generation that is torn is passed over for the one before it", "[engine][damage]") {
  one_backup t;
  auto torn = std::make_shared<memory_files>(*t.stick);
  REQUIRE(!t.a.backup(t.stick, backup_flags::overwrite).error);
  for (const auto& [name, content] : *t.stick) torn->emplace(name, content);
  torn->at("000002/manifest").resize(10);
  const ended restore = t.b.restore(torn);
  CHECK(!restore.error);
  CHECK(restore.report.generation == 1);
}

TEST_CASE("a manifest that somebody rewrote, digest and all, is not authentic", "[engine][damage]") {
  one_backup t;
  const auto forged = t.with(manifest, [](auto& file) {
    archive::manifest what = archive::parse_manifest(file)->manifest;
    what.created += std::chrono::hours(1);
    file = archive::write_manifest(what, secret_bytes::locked(32));
  });
  CHECK(t.restore_error(forged) == errc::backup_not_authentic);
  CHECK(t.a.verify(forged).error == errc::backup_not_authentic);
}

TEST_CASE("a newer format version is refused by name", "[engine][damage]") {
  one_backup t;
  const auto rewritten = [&](auto change) {
    return t.with(manifest, [&](auto& file) {
      archive::manifest what = archive::parse_manifest(file)->manifest;
      change(what);
      file = archive::write_manifest(what, secret_bytes::locked(32));
    });
  };
  const auto newer = rewritten([](archive::manifest& what) { what.version = 2; });
  CHECK(t.restore_error(newer) == errc::backup_version_unsupported);
  CHECK(inspect_backup(*make_memory_medium(newer)).error() == errc::backup_version_unsupported);
}
