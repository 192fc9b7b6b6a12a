// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_MERGED_READER_HPP
#define REINSTATE_ENGINE_GENERATION_MERGED_READER_HPP

#include "core/failure.hpp"

#include <reinstate/license.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace reinstate::engine {

// Reads several generations as one, in one ordered pass: of each license the entry of the newest generation that names
// it. Reader is archive_reader or index_reader.
template <class Reader>
class merged_reader {
 public:
  using item = typename Reader::item;

  explicit merged_reader(std::vector<std::unique_ptr<Reader>> newest_first) {
    for (auto& reader : newest_first) sources_.push_back({std::move(reader), {}, true});
  }

  // Returns the next license in ascending order of id, valid until the next call, or nullopt at the end. Errors: those
  // of the readers.
  result<std::optional<item>> next() {
    for (;;) {
      auto entry = next_entry();
      if (!entry || !*entry || !is_removal(**entry)) return entry;
    }
  }

  // The same with the removals, if the newest generation that names the license removes it.
  result<std::optional<item>> next_entry() {
    source* newest = nullptr;
    for (source& each : sources_) {
      if (const auto read = advance(each); !read) return read.error();
      if (each.head && (newest == nullptr || id_of(*each.head) < id_of(*newest->head))) newest = &each;
    }
    if (newest == nullptr) return std::optional<item>();
    const license_id id = id_of(*newest->head);
    source_ = static_cast<std::size_t>(newest - sources_.data());
    for (source& each : sources_) each.is_spent = each.head && id_of(*each.head) == id;
    return newest->head;
  }

  // The generation that the last entry came from: 0 for the newest.
  std::size_t source_of_last() const noexcept { return source_; }

  std::uint64_t bytes_read() const noexcept {
    std::uint64_t sum = 0;
    for (const source& each : sources_) sum += each.reader->bytes_read();
    return sum;
  }

  // The readers, newest first.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const source& each : sources_) visit(*each.reader);
  }

 private:
  struct source {
    std::unique_ptr<Reader> reader;
    std::optional<item> head;
    bool is_spent = true;  // the head was returned or overruled, and the next one is due
  };

  result<void> advance(source& generation) {
    if (!std::exchange(generation.is_spent, false)) return {};
    auto item = generation.reader->next();
    if (!item) return item.error();
    generation.head = *item;
    return {};
  }

  std::vector<source> sources_;
  std::size_t source_ = 0;
};

}  // namespace reinstate::engine

#endif
