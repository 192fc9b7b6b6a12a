// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_VOLUME_WRITER_HPP
#define REINSTATE_ENGINE_VOLUME_WRITER_HPP

#include "age_recipient.hpp"
#include "age_stream.hpp"
#include "archive_manifest.hpp"
#include "archive_page.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/machine_identity.hpp>

#include <memory>
#include <span>

namespace reinstate::engine {

// Writes one license file or index: records in, through pages and age chunks, to the medium.
class volume_writer {
 public:
  // Writes the header to a new file. Errors: those of the medium; identity_damaged where a recipient is no key.
  static result<std::unique_ptr<volume_writer>> begin(std::unique_ptr<medium_writer> file,
                                                      std::span<const x25519_public_key> recipients);

  // Makes room for a record of exactly `size` bytes, which `write` appends to the buffer it is given.
  template <class Write>
  result<void> append(std::size_t size, Write write) {
    return pages_.append(size, write);
  }

  // Takes a record that is encoded already.
  result<void> append(crypto::byte_span record) { return pages_.append(record); }

  // Writes the last page and makes the file durable; what the manifest has to say about it.
  result<archive::listed_volume> finish();

  // Written so far.
  std::uint64_t size() const noexcept { return size_; }

 private:
  volume_writer(std::unique_ptr<medium_writer> file, age::file_start start);
  result<void> write(crypto::byte_span bytes);
  result<void> write_page(crypto::byte_span page, bool last);

  std::unique_ptr<medium_writer> file_;
  age::stream_key key_;
  archive::page_writer pages_;
  crypto::hasher content_;
  crypto::digest header_;
  std::uint64_t size_ = 0, chunks_ = 0;
  std::vector<std::byte> sealed_;
};

}  // namespace reinstate::engine

#endif
