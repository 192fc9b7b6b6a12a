// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_VOLUME_READER_HPP
#define REINSTATE_ENGINE_GENERATION_VOLUME_READER_HPP

#include "format/age/age_identity.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_page.hpp"
#include "core/offered_work.hpp"
#include "crypto/secret_buffer.hpp"

#include <reinstate/backup_medium.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reinstate::engine {

// How a reader takes damage.
enum class tolerance {
  none,     // the first damage is an error
  salvage,  // what is damaged is passed over, and the reader says that something was
};

struct reading_options {
  std::size_t max_record = 0;  // the largest record that is read, in bytes
  tolerance damage = tolerance::none;
  boost::asio::any_io_executor helpers{};  // whose threads may open chunks before they are needed; empty: nobody
  std::size_t window = 6;                  // chunks in memory; fewer where many files are read side by side
};

// Reads one license file or index once, in three stages: chunks from the medium, chunks opened into pages, records out
// of pages. The threads of `helpers` may open chunks while the caller uses the records before.
class volume_reader {
 public:
  // Opens the file and finds its key.
  // Errors: volume_missing, backup_truncated, backup_damaged, backup_mixed (it is encrypted to others, or another file
  // than the manifest names), and those of the medium and the identity.
  static reinstate::result<std::unique_ptr<volume_reader>> open(backup_medium& medium, std::string_view name,
                                                     const archive::listed_volume& listed, const age::identity& who,
                                                     const reading_options& how);

  // The next record, valid until the next call; nothing behind the last one, once the file has proven to be whole.
  // Errors: backup_truncated, backup_damaged, license_too_large, and those of the medium. In salvage the file ends
  // where the medium cannot read on, and only other trouble with the medium is an error.
  reinstate::result<std::optional<crypto::byte_span>> next_record();

  // In salvage: what `next_record` gave makes no sense, so what is left of its page does not either.
  void reject_page() noexcept;

  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  // In salvage: the first damage that was passed over; success where there was none.
  const error_code& damage() const noexcept { return damage_; }

 private:
  enum class page { added, no_more };

  struct chunk {
    std::vector<std::byte> sealed;
    crypto::secret_buffer plaintext;
    age::opened_chunk opened;
    offered_work opening;
  };

  volume_reader(std::unique_ptr<medium_reader> file, const archive::listed_volume& listed, const reading_options& how);
  reinstate::result<void> open_header(const age::identity& who);
  reinstate::result<void> read_up_to(std::size_t most, std::vector<std::byte>& buffer);
  void read_ahead();
  reinstate::result<void> read_chunk();
  reinstate::result<page> next_page();
  reinstate::result<void> pass_unreadable();
  reinstate::result<page> check_end();
  reinstate::result<void> pass_over(error_code damage);

  std::unique_ptr<medium_reader> file_;
  archive::listed_volume listed_;
  reading_options how_;
  archive::page_reader records_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t position_ = 0;      // in the file
  std::vector<std::byte> carried_;  // read, and behind the last chunk of the window
  bool all_read_ = false;
  error_code read_error_;  // for when all that was read before it is used up
  error_code damage_;
  std::optional<age::stream_key> key_;
  std::uint64_t read_ = 0, given_ = 0;  // chunks; those between are in the window
  std::vector<chunk> window_;           // last: what is being opened has to be done with before the key goes
};

}  // namespace reinstate::engine

#endif
