// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_FORGED_BACKUP_HPP
#define REINSTATE_TESTS_FORGED_BACKUP_HPP

#include "archive_manifest.hpp"
#include "archive_page.hpp"
#include "archive_record.hpp"
#include "backup_set.hpp"
#include "catch.hpp"
#include "volume_writer.hpp"

#include <reinstate/memory_medium.hpp>

#include <memory>
#include <vector>

namespace reinstate::test {

// Gives the backup of one volume that `owner` has made other licenses, in ascending order of id: any whatsoever, sealed
// and authentic. So can somebody who holds the keys of the machine.
inline void put_into_backup(const std::shared_ptr<memory_files>& stick, machine_identity& owner,
                            const std::vector<license>& items) {
  const archive::parsed_manifest before = archive::parse_manifest(stick->at("000001/manifest")).value();
  archive::manifest what = before.what;
  const std::string name = archive::volume_name(1, 1);
  stick->erase(name);
  const auto medium = make_memory_medium(stick);
  const std::vector recipients{what.recipient, owner.public_identity()->agreement};
  const auto volume = engine::volume_writer::begin(*medium->create(name), recipients).value();
  archive::page_writer pages([&](crypto::byte_span page, bool last) { return volume->write_page(page, last); });
  const auto append = [&](const auto& what_is_next) {
    crypto::secret_buffer record;
    archive::write_record(record, what_is_next);
    REQUIRE(pages.append(record));
  };

  append(archive::volume_header{
      .set = what.set, .generation = 1, .volume = 1, .parent = {}, .machine = {}, .created = what.created});
  crypto::hasher digest;
  what.payload_bytes = 0;
  for (const license& item : items) {
    const std::vector<std::byte> metadata = pack_metadata(item);
    append(as_record(item, metadata));
    archive::add_to_contents(digest, as_record(item, metadata));
    what.payload_bytes += item.payload.size();
  }
  what.licenses = items.size();
  append(archive::archive_totals{what.licenses, what.payload_bytes, 1, digest.finish()});
  REQUIRE(pages.finish());
  what.volumes = {volume->finish().value()};
  const auto kept = engine::own_storage_of(before, owner).value();
  stick->at("000001/manifest") =
      archive::write_manifest(what, archive::authentication_key(owner.store_key().value(), what.set, kept));
}

}  // namespace reinstate::test

#endif
