// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_CONTENTS_READER_HPP
#define REINSTATE_ENGINE_GENERATION_CONTENTS_READER_HPP

#include "engine/generation/archive_reader.hpp"
#include "engine/generation/index_reader.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace reinstate::engine {

// Reads the entries of one generation: from its index, or from its volumes if that is damaged.
class contents_reader {
 public:
  using item = archive::index_entry;

  explicit contents_reader(std::unique_ptr<index_reader> index) noexcept : index_(std::move(index)) {}
  explicit contents_reader(std::unique_ptr<archive_reader> volumes) noexcept : volumes_(std::move(volumes)) {}

  // As index_reader::next.
  result<std::optional<archive::index_entry>> next() {
    if (index_) return index_->next();
    const auto item = volumes_->next();
    if (!item) return item.error();
    if (!*item) return std::optional<archive::index_entry>();
    const bool is_removal = (*item)->is_removal;
    return std::optional(archive::index_entry{id_of(**item), is_removal, is_removal ? 0 : (*item)->license.revision});
  }

  std::uint64_t bytes_read() const noexcept { return index_ ? index_->bytes_read() : volumes_->bytes_read(); }

 private:
  std::unique_ptr<index_reader> index_;  // one of the two
  std::unique_ptr<archive_reader> volumes_;
};

}  // namespace reinstate::engine

#endif
