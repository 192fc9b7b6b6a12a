// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_FORGED_BACKUP_HPP
#define REINSTATE_TESTS_FORGED_BACKUP_HPP

#include "catch.hpp"
#include "engine/generation/generation_writer.hpp"
#include "engine/set/backup_set.hpp"
#include "format/archive/archive_manifest.hpp"

#include <reinstate/plugins/memory_medium.hpp>

#include <memory>
#include <vector>

namespace reinstate::test {

// Gives the backup of one volume that `owner` has made other licenses, in ascending order of id: any whatsoever, sealed
// and authentic. So can somebody who holds the keys of the machine.
inline void put_into_backup(const std::shared_ptr<memory_files>& stick, machine_identity& owner,
                            const std::vector<license>& items) {
  const archive::parsed_manifest before = archive::parse_manifest(stick->at("000001/manifest")).value();
  archive::manifest what = before.manifest;
  stick->erase(archive::volume_name(1, 1));
  stick->erase(archive::index_name(1));
  what.volumes.clear();
  what.licenses = what.payload_bytes = 0;
  const auto medium = make_memory_medium(stick);
  engine::generation_writer writer(*medium, what, 1'000'000'000, {});
  REQUIRE(writer.begin({what.recipient, owner.public_identity()->agreement}, {}));
  for (const license& item : items) {
    const std::vector<std::byte> metadata = pack_metadata(item);
    REQUIRE(writer.write(as_record(item, metadata)));
  }
  REQUIRE(writer.finish());
  what.licenses_in_all = what.licenses;
  const auto kept = engine::own_storage_of(before, owner).value();
  stick->at("000001/manifest") =
      archive::write_manifest(what, archive::authentication_key(owner.store_key().value(), what.set, kept));
}

}  // namespace reinstate::test

#endif
