// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_VOLUME_READER_HPP
#define REINSTATE_ENGINE_GENERATION_VOLUME_READER_HPP

#include "core/offered_work.hpp"
#include "crypto/secret_buffer.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_page.hpp"

#include <reinstate/backup_medium.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate::engine {

// The way a reader treats damage.
enum class tolerance {
  none,     // the first damage is an error
  salvage,  // damage is skipped, and the reader reports that it was
};

struct reading_options {
  std::size_t max_record = 0;  // the largest record that is read, in bytes
  tolerance damage = tolerance::none;
  boost::asio::any_io_executor helpers{};  // may open chunks before they are needed; may be empty
  std::size_t window = 6;                  // chunks in memory; fewer if many files are read side by side
};

// Reads one license file or index once, in three stages: chunks from the medium, chunks opened into pages, records out
// of pages. The threads of `helpers` may open chunks while the caller uses earlier records. The caller knows the name
// of the file; errors do not carry it.
class volume_reader {
 public:
  // Opens the file and finds its key.
  // Errors: volume_missing, backup_truncated, backup_damaged, backup_mixed (it is encrypted to others, or is not the
  // file that the manifest names), and those of the medium and the identity.
  static reinstate::result<std::unique_ptr<volume_reader>> open(backup_medium& medium, std::string_view name,
                                                                const archive::listed_volume& listed,
                                                                const age::identity& identity,
                                                                const reading_options& options);

  // Returns the next record, valid until the next call, or nullopt after the last one, once the file has proven to be
  // whole. Errors: backup_truncated, backup_damaged, license_too_large, and those of the medium. In salvage the file
  // ends where the medium cannot read on, and only other errors of the medium are returned.
  reinstate::result<std::optional<crypto::byte_span>> next_record();

  // In salvage: skips the rest of the page, because the record that `next_record` returned makes no sense.
  void reject_page() noexcept;

  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  // In salvage: the first damage that was skipped; success if there was none.
  const error_code& damage() const noexcept { return damage_; }

 private:
  enum class page { added, no_more };

  struct chunk {
    std::vector<std::byte> sealed;
    crypto::secret_buffer plaintext;
    age::opened_chunk opened;
    offered_work opening;
  };

  volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_volume& listed,
                const reading_options& options);
  reinstate::result<void> open_header(const age::identity& identity);
  reinstate::result<void> read_up_to(std::size_t max_size, std::vector<std::byte>& buffer);
  void read_ahead();
  reinstate::result<void> read_chunk();
  reinstate::result<page> next_page();
  reinstate::result<void> pass_unreadable();
  reinstate::result<page> check_end();
  reinstate::result<void> pass_over(error_code damage);

  std::unique_ptr<medium_reader> file_;
  archive::listed_volume listed_;
  reading_options options_;
  archive::page_reader records_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t position_ = 0;      // in the file
  std::vector<std::byte> carried_;  // read, and after the last chunk of the window
  bool all_read_ = false;
  error_code read_error_;  // returned once all that was read before it is used up
  error_code damage_;
  std::optional<age::stream_key> key_;
  std::uint64_t read_ = 0, given_ = 0;  // chunks; those between are in the window
  std::vector<chunk> window_;           // last, so that no chunk is being opened when the key is destroyed
};

}  // namespace reinstate::engine

#endif
