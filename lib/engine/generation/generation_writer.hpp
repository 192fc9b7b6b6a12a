// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_GENERATION_WRITER_HPP
#define REINSTATE_ENGINE_GENERATION_GENERATION_WRITER_HPP

#include "core/failure.hpp"
#include "engine/generation/volume_writer.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/license.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reinstate::engine {

// Writes the files of one new generation under names that did not exist, and records which files it created, so that
// the caller can remove them. Adds to the manifest what it writes: volumes, index, licenses, removals, payload bytes.
// `helpers` is as in volume_writer.
//
// Lifetime: medium and manifest must outlive it.
class generation_writer {
 public:
  generation_writer(backup_medium& medium, archive::manifest& manifest, std::uint64_t volume_bytes,
                    boost::asio::any_io_executor helpers)
      : medium_(medium), manifest_(manifest), volume_bytes_(volume_bytes), helpers_(std::move(helpers)) {}

  // Writes a whole file, which the next `finish` or `make_durable` makes durable. Errors: medium_in_use if another
  // process created it first, and those of the medium.
  result<void> add_file(const std::string& name, crypto::byte_span content);

  // Makes all files durable, in the order in which they were written. Errors: those of the medium.
  result<void> make_durable();

  // Write licenses and removals, in ascending order of id, between `begin` and `finish`, which makes everything
  // durable. `machine` is the digest of the writing machine's key.
  result<void> begin(std::vector<x25519_public_key> recipients, const crypto::digest& machine);
  result<void> write(const license_record& item);
  result<void> write(const archive::removal_record& item);
  result<void> finish();

  // Closes files that are not finished.
  void close() noexcept;

  // The files that were created, in this order.
  const std::vector<std::string>& created() const noexcept { return created_; }

  // The size of all volumes and the index, as far as they are finished.
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  result<std::unique_ptr<medium_writer>> create(const std::string& name);
  result<std::unique_ptr<volume_writer>> begin_file(const std::string& name, std::uint32_t volume);
  result<archive::listed_volume> end_file(volume_writer& file, const std::string& name);
  result<void> begin_volume();
  result<void> end_volume();
  result<void> make_room(std::size_t size);
  result<void> add_to_index(const archive::index_entry& entry);
  result<void> write_index_block();
  result<void> end_index(crypto::byte_span totals);

  backup_medium& medium_;
  archive::manifest& manifest_;
  const std::uint64_t volume_bytes_;
  const boost::asio::any_io_executor helpers_;
  std::vector<std::string> created_;

  struct written_file {
    std::string name;
    std::unique_ptr<medium_writer> file;
  };
  std::vector<written_file> written_;  // not yet durable

  std::vector<x25519_public_key> recipients_;
  crypto::digest machine_{};
  std::unique_ptr<volume_writer> volume_;
  std::string volume_name_;
  std::unique_ptr<volume_writer> index_;
  std::vector<std::byte> block_;  // entries of the index that are not written yet
  crypto::hasher contents_;
  std::uint64_t bytes_ = 0;
};

}  // namespace reinstate::engine

#endif
