// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_VOLUME_READER_HPP
#define REINSTATE_ENGINE_VOLUME_READER_HPP

#include "age_identity.hpp"
#include "archive_manifest.hpp"
#include "archive_page.hpp"
#include "secret_buffer.hpp"

#include <reinstate/backup_medium.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reinstate::engine {

// How a reader takes damage.
enum class tolerance {
  none,     // the first damage is an error
  salvage,  // what is damaged is passed over, and the reader says that something was
};

struct reading_options {
  std::size_t max_record = 0;  // the largest record that is read, in bytes
  tolerance damage = tolerance::none;
  std::size_t read_bytes = 1024 * 1024;  // asked of the medium at once; smaller where many files are read side by side
};

// Reads one license file or index once: age chunks in, records out, and a digest of every byte on the way.
class volume_reader {
 public:
  // Opens the file and finds its key.
  // Errors: volume_missing, backup_truncated, backup_damaged, backup_mixed (it is encrypted to others),
  // backup_not_authentic (another file than the manifest names), and those of the medium and the identity.
  static result<std::unique_ptr<volume_reader>> open(backup_medium& medium, std::string_view name,
                                                     const archive::listed_volume& listed, const age::identity& who,
                                                     const reading_options& how);

  // The next record, valid until the next call; nothing behind the last one, once the file has proven to be the listed
  // one. Errors: backup_truncated, backup_damaged, license_too_large, backup_not_authentic (a whole file, but not the
  // one the manifest names). In salvage only trouble with the medium is an error.
  result<std::optional<crypto::byte_span>> next_record();

  // In salvage: what `next_record` gave makes no sense, so what is left of its page does not either.
  void reject_page() noexcept;

  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  // In salvage: the first damage that was passed over; success where there was none.
  const error_code& damage() const noexcept { return damage_; }

 private:
  enum class page { added, no_more };

  volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_volume& listed, const reading_options& how);
  result<void> open_header(const age::identity& who);
  result<crypto::byte_span> look_ahead(std::size_t size);
  result<page> next_page();
  result<page> check_end();
  result<void> pass_over(error_code damage);

  std::unique_ptr<medium_reader> file_;
  archive::listed_volume listed_;
  reading_options how_;
  archive::page_reader records_;
  crypto::hasher content_;
  std::uint64_t bytes_read_ = 0;
  std::vector<std::byte> input_;  // read and not used yet: from input_at_ to input_end_
  std::size_t input_at_ = 0, input_end_ = 0;
  std::optional<age::stream_key> key_;
  std::optional<age::stream_opener> opener_;
  crypto::secret_buffer page_;
  bool finished_ = false;
  error_code damage_;
};

}  // namespace reinstate::engine

#endif
