// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_ARCHIVE_READER_HPP
#define REINSTATE_ENGINE_GENERATION_ARCHIVE_READER_HPP

#include "core/failure.hpp"
#include "engine/generation/volume_reader.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_record.hpp"

#include <reinstate/report.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reinstate::engine {

// An entry of a generation: a license, or the removal of the license with this id.
struct archived {
  license_record license;  // only the id if it is a removal
  bool is_removal = false;
};

inline const license_id& id_of(const archived& item) noexcept {
  return item.license.id;
}

inline bool is_removal(const archived& item) noexcept {
  return item.is_removal;
}

// Reads what one generation holds, through all its volumes, and checks that everything is there and in order.
//
// No entry is final before the end was returned: only then is it known that no license is missing and that every file
// is the one the manifest names. The caller commits what it stores after that. In salvage every license is genuine, but
// some may be missing: `damage` names the files.
//
// Lifetime: medium and identity must outlive it.
class archive_reader {
 public:
  using item = archived;

  archive_reader(backup_medium& medium, archive::manifest manifest, const age::identity& identity,
                 const reading_options& options);

  // Returns the next license or removal, valid until the next call, or nullopt at the end.
  // Errors: those of volume_reader; backup_mixed (a volume of another backup), backup_damaged (no writer makes such a
  // file), backup_version_unsupported, license_too_large.
  result<std::optional<archived>> next();

  std::uint64_t bytes_read() const noexcept { return earlier_bytes_ + (volume_ ? volume_->bytes_read() : 0); }

  // In salvage: the files in which records were skipped, each with the first reason.
  const std::vector<backup_damage>& damage() const noexcept { return damage_; }

  // The digest of all entries, once the end was returned: the index must have the same.
  const crypto::digest& contents() const noexcept { return seen_.contents; }

 private:
  bool salvages() const noexcept { return options_.damage == tolerance::salvage; }
  std::string volume_name() const;
  result<std::optional<archived>> next_item();
  enum class volume { opened, no_more };
  result<volume> open_next_volume();
  void note_damage(error_code error);
  void leave_volume();
  result<std::optional<archived>> accept(const archive::record& record);
  result<void> accept_header(const archive::volume_header& header);
  result<void> accept_entry(const archive::index_entry& entry);
  result<void> accept_totals(const archive::archive_totals& totals);

  backup_medium& medium_;
  archive::manifest manifest_;
  const age::identity& identity_;
  reading_options options_;
  std::unique_ptr<volume_reader> volume_;
  std::uint32_t volume_number_ = 0;
  std::uint64_t earlier_bytes_ = 0;
  bool at_volume_start_ = false;
  bool ended_ = false;  // the totals have been read
  std::optional<license_id> last_id_;
  archive::archive_totals seen_;
  crypto::hasher contents_;
  std::vector<backup_damage> damage_;
};

}  // namespace reinstate::engine

#endif
