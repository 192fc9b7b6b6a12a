// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_MEMORY_NOTES_HPP
#define REINSTATE_STORE_MEMORY_NOTES_HPP

#include <reinstate/note_store.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace reinstate::store {

// Notes in memory, for the lifetime of the store.
class memory_notes final : public note_store {
 public:
  explicit memory_notes(std::function<bool()> batch_is_open) : batch_is_open_(std::move(batch_is_open)) {}

  result<std::optional<document>> read(std::string_view name) override;
  result<void> update(std::string_view name, const change& edit) override;

 private:
  std::optional<document> find(std::string_view name) const;

  const std::function<bool()> batch_is_open_;
  std::mutex mutex_;  // guards the notes
  std::map<std::string, document, std::less<>> notes_;
};

}  // namespace reinstate::store

#endif
