// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_WRITTEN_SET_HPP
#define REINSTATE_TESTS_WRITTEN_SET_HPP

#include "backup_fixture.hpp"
#include "catch.hpp"
#include "engine/generation/generation_writer.hpp"
#include "engine/generation/volume_writer.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"
#include "format/archive/archive_set.hpp"

#include <memory>
#include <string>
#include <vector>

namespace reinstate::test {

// A license or a removal, as tests name them: by the number of make_license.
struct said {
  unsigned number = 0;
  std::uint64_t revision = 1;
  bool is_removal = false;

  friend bool operator==(const said&, const said&) = default;
  friend std::ostream& operator<<(std::ostream& to, const said& what) {
    return to << what.number << (what.is_removal ? " removed" : " revision ") << (what.is_removal ? 0 : what.revision);
  }
};

inline said removed(unsigned number) {
  return {number, 0, true};
}

inline unsigned number_of(const license_id& id) {
  return std::to_integer<unsigned>(id.bytes[0]) << 8 | std::to_integer<unsigned>(id.bytes[1]);
}

// The generations of a set in memory, written record by record. Nothing is committed: a reader is given the manifest.
struct written_set {
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();
  std::unique_ptr<backup_medium> medium = make_memory_medium(stick);
  archive::set_keys keys = archive::make_set_keys();
  age::x25519_identity who{keys.recovery.clone()};
  std::size_t payload_size = 50;

  // A generation that holds everything, or one that builds on `parent`.
  archive::parsed_manifest add(std::uint32_t number, const std::vector<said>& all,
                               const archive::parsed_manifest* parent = nullptr,
                               std::uint64_t volume_bytes = 1'000'000'000) {
    archive::manifest what = described(number, parent);
    engine::generation_writer writer(*medium, what, volume_bytes, {});
    REQUIRE(writer.begin({keys.recipient()}, {}));
    for (const said& each : all) REQUIRE(write(writer, each));
    REQUIRE(writer.finish());
    what.licenses_in_all = what.licenses;  // where it has a parent nothing here looks at it
    return signed_manifest(what);
  }

  // As a reader gets it.
  archive::parsed_manifest signed_manifest(const archive::manifest& what) const {
    return archive::parse_manifest(archive::write_manifest(what, keys.authentication)).value();
  }

  // Puts a file of any records there, in place of another one.
  archive::listed_volume put_file(const std::string& name, const std::vector<crypto::secret_buffer>& records) {
    stick->erase(name);
    const std::vector<x25519_public_key> recipients{keys.recipient()};
    auto file = engine::volume_writer::begin(medium->create(name).value(), recipients).value();
    for (const auto& record : records) REQUIRE(file->append(record));
    const auto listed = file->end().value();
    REQUIRE(file->take_file()->finish());
    return listed;
  }

 private:
  archive::manifest described(std::uint32_t number, const archive::parsed_manifest* parent) const {
    archive::manifest out;
    out.set = keys.id;
    out.generation = number;
    out.recipient = keys.recipient();
    out.recovery_generation = 1;
    if (parent != nullptr) out.parent = archive::parent_generation{parent->manifest.generation, parent->digest};
    return out;
  }

  engine::result<void> write(engine::generation_writer& to, const said& what) const {
    license item = make_license(what.number, payload_size);
    if (what.is_removal) return to.write(archive::removal_record{item.id});
    item.revision = what.revision;
    const std::vector<std::byte> metadata = pack_metadata(item);
    return to.write(as_record(item, metadata));
  }
};

}  // namespace reinstate::test

#endif
