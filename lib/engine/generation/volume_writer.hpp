// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_VOLUME_WRITER_HPP
#define REINSTATE_ENGINE_GENERATION_VOLUME_WRITER_HPP

#include "core/offered_work.hpp"
#include "format/age/age_recipient.hpp"
#include "format/age/age_stream.hpp"
#include "format/archive/archive_manifest.hpp"
#include "format/archive/archive_page.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/machine_identity.hpp>

#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace reinstate::engine {

// Writes one license file or index in three stages: records into pages, pages sealed as age chunks, chunks to the
// medium. The threads of `helpers` may seal while the caller makes the next pages; a window of a few chunks lies
// between them and keeps the order. The caller knows the name of the file; errors do not carry it.
class volume_writer {
 public:
  // Writes the header to a new file. Errors: those of the medium; identity_damaged if a recipient is no key.
  static reinstate::result<std::unique_ptr<volume_writer>> begin(std::unique_ptr<medium_writer> file,
                                                                 std::span<const x25519_public_key> recipients,
                                                                 boost::asio::any_io_executor helpers = {});

  // Appends a record of exactly `size` bytes, which `write` appends to the buffer it is given. Errors: those of the
  // medium, also about earlier records.
  template <class Write>
  reinstate::result<void> append(std::size_t size, Write write) {
    return pages_.append(size, write);
  }

  // Appends an encoded record.
  reinstate::result<void> append(crypto::byte_span record) { return pages_.append(record); }

  // Writes the last page and returns the manifest's entry for the file, which the caller takes and makes durable.
  reinstate::result<archive::listed_volume> end();
  std::unique_ptr<medium_writer> take_file() noexcept { return std::move(file_); }

  // The size of the file, with the chunks that are not on the medium yet.
  std::uint64_t size() const noexcept { return size_; }

 private:
  struct chunk {
    crypto::secret_buffer page;
    std::vector<std::byte> sealed;
    offered_work sealing;
  };

  volume_writer(std::unique_ptr<medium_writer> file, age::file_start start, boost::asio::any_io_executor helpers);
  reinstate::result<void> take_page(crypto::secret_buffer& page, bool last);
  reinstate::result<void> write_oldest();

  std::unique_ptr<medium_writer> file_;
  boost::asio::any_io_executor helpers_;
  age::stream_key key_;
  archive::page_writer pages_;
  crypto::digest header_;
  std::uint64_t size_ = 0;
  std::uint64_t taken_ = 0, written_ = 0;  // chunks; those between are in the window
  std::array<chunk, 6> window_;            // last, so that no chunk is being sealed when the key is destroyed
};

}  // namespace reinstate::engine

#endif
