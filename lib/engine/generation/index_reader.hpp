// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_INDEX_READER_HPP
#define REINSTATE_ENGINE_GENERATION_INDEX_READER_HPP

#include "core/failure.hpp"
#include "engine/generation/volume_reader.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"

#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

inline const license_id& id_of(const archive::index_entry& entry) noexcept {
  return entry.id;
}

inline bool is_removal(const archive::index_entry& entry) noexcept {
  return entry.is_removal;
}

// Reads the index of one generation: the ids and revisions of the licenses it holds. As with archive_reader, no entry
// is final before the end.
//
// Lifetime: medium and identity must outlive it.
class index_reader {
 public:
  using item = archive::index_entry;

  index_reader(backup_medium& medium, archive::manifest manifest, const age::identity& identity,
               const reading_options& options);

  // Returns the next entry in ascending order of id, or nullopt at the end. Errors: as archive_reader.
  result<std::optional<archive::index_entry>> next();

  std::uint64_t bytes_read() const noexcept { return file_ ? file_->bytes_read() : 0; }

  // As archive_reader::contents.
  const crypto::digest& contents() const noexcept { return totals_.contents; }

 private:
  std::string file_name() const { return archive::index_name(manifest_.generation); }
  result<std::optional<archive::index_entry>> next_entry();
  result<void> accept(const archive::record& record);
  result<void> accept_totals(const archive::archive_totals& totals);

  backup_medium& medium_;
  archive::manifest manifest_;
  const age::identity& identity_;
  reading_options options_;
  std::unique_ptr<volume_reader> file_;
  bool has_begun_ = false, ended_ = false;  // header and totals have been read
  crypto::byte_span block_;                 // entries that were not returned yet
  std::optional<license_id> last_id_;
  archive::archive_totals totals_;
  std::uint64_t licenses_ = 0, removals_ = 0;
  crypto::hasher contents_;
};

// Reads a whole index and returns its `contents`. Errors: as above.
result<crypto::digest> read_index(backup_medium& medium, const archive::manifest& manifest,
                                  const age::identity& identity, const reading_options& options);

}  // namespace reinstate::engine

#endif
