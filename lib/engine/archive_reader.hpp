// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_ARCHIVE_READER_HPP
#define REINSTATE_ENGINE_ARCHIVE_READER_HPP

#include "archive_manifest.hpp"
#include "archive_page.hpp"
#include "archive_record.hpp"
#include "volume_reader.hpp"

#include <memory>
#include <optional>
#include <string>

namespace reinstate::engine {

// Reads the licenses of one generation, through all its volumes, and checks that they are all there and in order.
//
// Nothing it gives out is final before it has given the end: only then is it known that no license is missing and that
// every file is the one the manifest names. Whoever stores licenses commits them after that.
//
// Lifetime: medium and identity must outlive it.
class archive_reader {
 public:
  archive_reader(backup_medium& medium, archive::manifest manifest, const age::identity& who, std::size_t max_record);

  // The next license, valid until the next call; nothing at the end.
  // Errors: those of volume_reader; backup_mixed (a volume of another backup), backup_damaged (what no writer makes),
  // backup_version_unsupported, license_too_large.
  result<std::optional<license_record>> next();

  std::uint64_t bytes_read() const noexcept { return earlier_bytes_ + (volume_ ? volume_->bytes_read() : 0); }

  // The file that is being read.
  std::string where() const;

 private:
  enum class page { added, no_more };

  result<page> next_page();
  result<std::optional<license_record>> accept(const archive::record& record);
  result<void> accept_header(const archive::volume_header& header);
  result<void> accept_license(const license_record& item);
  result<void> accept_totals(const archive::archive_totals& totals);

  backup_medium& medium_;
  archive::manifest manifest_;
  const age::identity& who_;
  archive::page_reader records_;
  std::unique_ptr<volume_reader> volume_;
  std::uint32_t volume_number_ = 0;
  std::uint64_t earlier_bytes_ = 0;
  bool at_volume_start_ = false;
  bool ended_ = false;  // the totals have been read
  std::optional<license_id> last_id_;
  archive::archive_totals seen_;
  crypto::hasher contents_;
};

}  // namespace reinstate::engine

#endif
