// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_VOLUME_WRITER_HPP
#define REINSTATE_ENGINE_VOLUME_WRITER_HPP

#include "age_stream.hpp"
#include "archive_manifest.hpp"

#include <reinstate/backup_medium.hpp>
#include <reinstate/machine_identity.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace reinstate::engine {

// Writes one license file: pages in, age chunks out.
class volume_writer {
 public:
  // Writes the header to a new file. Errors: those of the medium; identity_damaged where a recipient is no key.
  static result<std::unique_ptr<volume_writer>> begin(std::unique_ptr<medium_writer> file,
                                                      std::span<const x25519_public_key> recipients);

  // Seals and writes one page; nothing follows the last.
  result<void> write_page(crypto::byte_span page, bool last);

  // Makes the file durable; what the manifest has to say about it.
  result<archive::listed_file> finish();

  std::uint64_t size() const noexcept { return size_; }

 private:
  volume_writer(std::unique_ptr<medium_writer> file, age::stream_key key);
  result<void> write(crypto::byte_span bytes);

  std::unique_ptr<medium_writer> file_;
  age::stream_key key_;
  crypto::hasher content_;
  std::uint64_t size_ = 0, pages_ = 0;
  std::vector<std::byte> sealed_;
};

}  // namespace reinstate::engine

#endif
