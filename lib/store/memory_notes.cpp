// SPDX-License-Identifier: BSL-1.0
#include "store/memory_notes.hpp"

#include "store/note_name.hpp"

namespace reinstate::store {

std::optional<note_store::document> memory_notes::find(std::string_view name) const {
  const auto found = notes_.find(name);
  return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

result<std::optional<note_store::document>> memory_notes::read(std::string_view name) {
  if (!is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  return find(name);
}

result<void> memory_notes::update(std::string_view name, const change& edit) {
  if (!is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  if (batch_is_open_()) return errc::store_busy;
  auto after = edit(find(name));
  if (!after) return after.error();
  if (!*after) return {};
  if ((*after)->empty())
    notes_.erase(std::string(name));
  else
    notes_.insert_or_assign(std::string(name), **std::move(after));
  return {};
}

}  // namespace reinstate::store
