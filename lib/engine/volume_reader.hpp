// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_VOLUME_READER_HPP
#define REINSTATE_ENGINE_VOLUME_READER_HPP

#include "age_identity.hpp"
#include "archive_manifest.hpp"
#include "secret_buffer.hpp"

#include <reinstate/backup_medium.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace reinstate::engine {

// Reads one license file once: age chunks in, pages out, and a digest of every byte on the way.
class volume_reader {
 public:
  // Opens the file and finds its key.
  // Errors: volume_missing, backup_truncated, backup_damaged, backup_mixed (it is encrypted to others), and those of
  // the medium and the identity.
  static result<std::unique_ptr<volume_reader>> open(backup_medium& medium, std::string_view name,
                                                     const archive::listed_file& listed, const age::identity& who);

  // The next page, valid until the next call; nothing behind the last one, once the file has proven to be the listed
  // one. Errors: backup_truncated, backup_damaged, backup_not_authentic (a whole file, but not the one the manifest
  // names).
  result<std::optional<crypto::byte_span>> next_page();

  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_file& listed);
  result<void> open_header(const age::identity& who);
  result<crypto::byte_span> look_ahead(std::size_t size);
  result<std::optional<crypto::byte_span>> check_end();

  std::unique_ptr<medium_reader> file_;
  archive::listed_file listed_;
  crypto::hasher content_;
  std::uint64_t bytes_read_ = 0;
  std::vector<std::byte> input_;  // read and not used yet: from input_at_ to input_end_
  std::size_t input_at_ = 0, input_end_ = 0;
  std::optional<age::stream_key> key_;
  std::optional<age::stream_opener> opener_;
  crypto::secret_buffer page_;
  bool finished_ = false;
};

}  // namespace reinstate::engine

#endif
